/* eslint-disable */
/** Internal type. DO NOT USE DIRECTLY. */
type Exact<T extends { [key: string]: unknown }> = { [K in keyof T]: T[K] };
/** Internal type. DO NOT USE DIRECTLY. */
export type Incremental<T> = T | { [P in keyof T]?: P extends ' $fragmentName' | '__typename' ? T[P] : never };
import type { DocumentTypeDecoration } from '@graphql-typed-document-node/core';
/** What the representative wants to do, where the law asks more for it than usual. */
export type Act =
  /** Borrowing, disposing, gifts with burdens, settlements (beschikken; BW 1:345, 1:441 lid 2). */
  | 'DISPOSAL'
  /** Applying for an identity card (identiteitskaart). */
  | 'IDENTITY_CARD'
  /** Anything else (gewone handeling). */
  | 'ORDINARY'
  /** Applying for a passport (paspoort). */
  | 'PASSPORT'
  /** Moving house (verhuizing). */
  | 'RELOCATION';

/** How surely somebody logged in (betrouwbaarheidsniveau), lowest first. */
export type Assurance =
  /** Name and password; below eIDAS low (DigiD Basis). */
  | 'BASIC'
  /** The document's chip each time; eIDAS high (DigiD Hoog, eHerkenning EH4). */
  | 'HIGH'
  /** App or text message; eIDAS low, laag (DigiD Midden). */
  | 'LOW'
  /** App with an identity check; eIDAS substantial (DigiD Substantieel, eHerkenning EH3). */
  | 'SUBSTANTIAL';

/** The kind of ground on which one acts for another, or a register's own statement about a minor. */
export type AuthorityKind =
  /** Administration of an adult's property (beschermingsbewind; BW 1:431). */
  | 'BEWIND'
  /** Guardianship of an adult, for property and care (curatele; BW 1:378). */
  | 'CURATELE'
  /** Executor of an estate (executeur; BW 4:142). */
  | 'EXECUTOR'
  /** Authority of a non-parent or of an institution (voogdij; BW 1:280). */
  | 'GUARDIANSHIP'
  /** One of the heirs (erfgenaam; BW 4:182). */
  | 'HEIR'
  /** Deciding on an adult's care (mentorschap; BW 1:450). */
  | 'MENTORSCHAP'
  /** The tax office's mandate after a death (nabestaandenmachtiging). */
  | 'NEXT_OF_KIN_MANDATE'
  /** A register's own word: nobody holds authority for now (tijdelijk geen gezag). */
  | 'NO_AUTHORITY'
  /** Parental authority of both parents (gezamenlijk ouderlijk gezag; BW 1:251). */
  | 'PARENTAL_JOINT'
  /** Parental authority of one parent (eenhoofdig ouderlijk gezag; BW 1:245). */
  | 'PARENTAL_SOLE'
  /** The provider lets a deceased person's record be seen (inzage na overlijden; BW 7:458a). */
  | 'RECORD_AFTER_DEATH'
  /** Authority of a parent together with a non-parent (gezamenlijk gezag; BW 1:253sa, 1:253t). */
  | 'SHARED_AUTHORITY'
  /** The court's consent to treatment in a parent's place (vervangende toestemming, 1:265h). */
  | 'TREATMENT_SUBSTITUTE'
  /** A register's own word: it cannot tell who holds authority (gezag niet te bepalen). */
  | 'UNDETERMINED'
  /** Given by the represented, for named services (vrijwillige machtiging; BW 3:60). */
  | 'VOLUNTARY_MANDATE';

/** Where an authority stands. */
export type AuthorityStatus =
  /** In force within its dates (actief). */
  | 'ACTIVE'
  /** Ended (beëindigd). */
  | 'ENDED'
  /** Asked for, not yet activated (aangevraagd). */
  | 'REQUESTED'
  /** Taken back by either side (ingetrokken). */
  | 'WITHDRAWN';

/** What the representative says to be, where no register shows it. It never leads to PERMIT. */
export type Claim =
  /** Administration of an adult's property (beschermingsbewind; BW 1:431). */
  | 'BEWIND'
  /** Partner, parent, child or sibling of an adult who cannot judge the matter (naaste; BW 7:465 lid 3). */
  | 'CLOSE_RELATIVE'
  /** Guardianship of an adult, for property and care (curatele; BW 1:378). */
  | 'CURATELE'
  /** Executor of an estate (executeur; BW 4:142). */
  | 'EXECUTOR'
  /** Authority of a non-parent or of an institution (voogdij; BW 1:280). */
  | 'GUARDIANSHIP'
  /** One of the heirs (erfgenaam; BW 4:182). */
  | 'HEIR'
  /** Deciding on an adult's care (mentorschap; BW 1:450). */
  | 'MENTORSCHAP'
  /** The tax office's mandate after a death (nabestaandenmachtiging). */
  | 'NEXT_OF_KIN_MANDATE'
  /** Parental authority of both parents (gezamenlijk ouderlijk gezag; BW 1:251). */
  | 'PARENTAL_JOINT'
  /** Parental authority of one parent (eenhoofdig ouderlijk gezag; BW 1:245). */
  | 'PARENTAL_SOLE'
  /** The provider lets a deceased person's record be seen (inzage na overlijden; BW 7:458a). */
  | 'RECORD_AFTER_DEATH'
  /** Authority of a parent together with a non-parent (gezamenlijk gezag; BW 1:253sa, 1:253t). */
  | 'SHARED_AUTHORITY'
  /** The court's consent to treatment in a parent's place (vervangende toestemming, 1:265h). */
  | 'TREATMENT_SUBSTITUTE'
  /** Given by the represented, for named services (vrijwillige machtiging; BW 3:60). */
  | 'VOLUNTARY_MANDATE';

/** Why a decision is told. */
export type DecisionCause =
  /** Something was learnt. */
  | 'FACT'
  /** It is the first one: as it is when the subscription begins. */
  | 'START'
  /** The one told before it was to hold until now: its `validUntil` has come. */
  | 'TIME';

/** The answer to a question. Only PERMIT opens a door. */
export type Outcome =
  /** There is a ground, but somebody else must consent too (toestemming nodig). */
  | 'CONSENT_REQUIRED'
  /** It is not shown, or something stands in the way (geweigerd). */
  | 'DENY'
  /** The sources do not settle it: no digital access, go to the counter (onbepaald; balie). */
  | 'INDETERMINATE'
  /** The sources show that the representative may do this (toegestaan). */
  | 'PERMIT';

/** May this representative act for this person, at this provider, for this service, now? */
export type Question = {
  /** Default ORDINARY. */
  act?: Act | null | undefined;
  /** How surely the representative logged in. */
  assurance: Assurance;
  /** When it is to be done; default now. */
  at?: string | null | undefined;
  /** What the representative says to be, where no register shows it. */
  claim?: Claim | null | undefined;
  /** The good concerned, where a bewind names goods. */
  good?: string | null | undefined;
  /** Echoed in the decision. */
  id?: string | null | undefined;
  /** Only what the registers knew by then; default everything recorded. */
  knownAt?: string | null | undefined;
  /** The representative acts as an employee of this organisation. */
  organisation?: string | null | undefined;
  /** Where (dienstverlener). */
  provider: string;
  /** Who acts: a person (vertegenwoordiger, gemachtigde). */
  representative: string;
  /** For whom: a person (vertegenwoordigde). */
  represented: string;
  /** For what (dienst): the full id, or its last part without /. */
  service: string;
};

/** Why the outcome is what it is; each reason belongs to one outcome. In order of precedence. */
export type ReasonCode =
  /** INDETERMINATE. It is not recorded whether the person is able to decide this. Niet vastgelegd is of deze persoon er zelf over kan beslissen. (BW 7:465, 1:453) */
  | 'ABILITY_UNKNOWN'
  /** CONSENT_REQUIRED. Your administrator must consent. Uw bewindvoerder moet toestemming geven. (BW 1:438) */
  | 'ADMINISTRATOR_MUST_CONSENT'
  /** INDETERMINATE. The registers do not show who holds authority. Uit de registers blijkt niet wie het gezag heeft. (domain.md 7 (N)) */
  | 'AUTHORITY_UNDETERMINED'
  /** DENY. At this moment nobody holds authority. Op dit moment heeft niemand het gezag. (domain.md 7 (G)) */
  | 'AUTHORITY_VACANT'
  /** PERMIT. You administer this person's property. U bent bewindvoerder van deze persoon. (BW 1:431, 1:441) */
  | 'BEWIND'
  /** INDETERMINATE. The date of birth is not fully known and makes a difference here. De geboortedatum is niet volledig bekend en maakt hier verschil. (facts.md 5) */
  | 'BIRTH_DATE_UNCERTAIN'
  /** DENY. The provider has blocked this access. De aanbieder heeft deze toegang geblokkeerd. (BW 7:457 lid 3, 7:465) */
  | 'BLOCKED'
  /** INDETERMINATE. The institution's certificate is not, or no longer, valid. Het certificaat van de instelling is niet (meer) geldig. (Jeugdwet 3.4) */
  | 'CERTIFICATE_EXPIRED'
  /** DENY. This channel does not serve ages 12 to 15. Via dit kanaal kan dit niet voor 12 tot en met 15 jaar. (MedMij; domain.md 4.2) */
  | 'CHANNEL_EXCLUDES'
  /** INDETERMINATE. To see the record of a child aged 12 to 15, the child's own consent is needed. Voor inzage bij een kind van 12 tot en met 15 jaar is de toestemming van het kind nodig. (BW 7:450, 7:457; domain.md 4.2) */
  | 'CHILD_CONSENT_UNKNOWN'
  /** CONSENT_REQUIRED. The child itself must consent too. Het kind moet zelf ook toestemming geven. (BW 7:450 lid 2) */
  | 'CHILD_MUST_CONSENT'
  /** INDETERMINATE. What you say to be is in no register known to us. Please go to the counter. Wat u zegt te zijn, staat niet in een register dat wij kennen. Ga naar de balie. (domain.md 3, 12.4) */
  | 'CLAIM_NOT_IN_REGISTER'
  /** PERMIT. You are this person's curator. U bent curator van deze persoon. (BW 1:378, 1:381) */
  | 'CURATELE'
  /** DENY. Your organisation has not authorised you for this service. Uw organisatie heeft u niet gemachtigd voor deze dienst. (domain.md 2.8 (eHerkenning)) */
  | 'EMPLOYEE_NOT_AUTHORISED'
  /** PERMIT. You are the executor of the estate. U bent executeur van de nalatenschap. (BW 4:142, 4:144) */
  | 'EXECUTOR'
  /** DENY. The authority has ended. De bevoegdheid is geëindigd. (facts.md 5.2.1) */
  | 'EXPIRED'
  /** INDETERMINATE. The bewind covers named goods; it is not shown that this is one of them. Het bewind geldt voor bepaalde goederen; niet blijkt dat dit er een van is. (BW 1:431) */
  | 'GOODS_UNKNOWN'
  /** DENY. This person was not able to give this mandate. Deze persoon kon deze machtiging niet geven. (BW 3:63, 1:381; domain.md 2.1) */
  | 'GRANTOR_NOT_ABLE'
  /** PERMIT. You are this child's guardian. U bent voogd van dit kind. (BW 1:280, 1:302) */
  | 'GUARDIANSHIP'
  /** PERMIT. You are an heir and the other heirs agree. U bent erfgenaam en de andere erfgenamen stemmen in. (BW 4:182, 3:170) */
  | 'HEIR'
  /** CONSENT_REQUIRED. Those who hold authority over you must consent. Wie het gezag over u heeft, moet toestemming geven. (BW 1:234, 7:450 lid 2) */
  | 'HOLDERS_MUST_CONSENT'
  /** DENY. This has lapsed by a measure of the court. Dit is vervallen door een maatregel van de rechter. (BW 3:72, 1:389, 1:449, 1:462) */
  | 'LAPSED_BY_MEASURE'
  /** INDETERMINATE. The data are not recent enough at this moment. Try again later. De gegevens zijn op dit moment niet actueel genoeg. Probeer het later opnieuw. (DESIGN.md 5) */
  | 'LEDGER_BEHIND'
  /** PERMIT. You are this person's mentor. U bent mentor van deze persoon. (BW 1:450, 1:453) */
  | 'MENTORSCHAP'
  /** PERMIT. You hold the next-of-kin mandate. U hebt de nabestaandenmachtiging. (domain.md 2.7) */
  | 'NEXT_OF_KIN_MANDATE'
  /** DENY. The mandate has not been activated. De machtiging is nog niet geactiveerd. (domain.md 5) */
  | 'NOT_ACTIVE'
  /** DENY. You are not known as an employee of this organisation. U bent niet bekend als medewerker van deze organisatie. (domain.md 2.8 (eHerkenning)) */
  | 'NOT_EMPLOYED'
  /** DENY. Your authority does not cover this service. Uw bevoegdheid geldt niet voor deze dienst. (facts.md 5.3) */
  | 'NOT_IN_SCOPE'
  /** DENY. The authority is not yet valid. De bevoegdheid geldt nog niet. (facts.md 5.2.1) */
  | 'NOT_YET_VALID'
  /** DENY. It has not been shown that you may do this for this person. Niet gebleken is dat u dit voor deze persoon mag doen. (domain.md 1.1) */
  | 'NO_GROUND'
  /** CONSENT_REQUIRED. Someone else who shares the authority objects. Een ander die hierover meebeslist, heeft bezwaar. (BW 1:253a, 1:253i) */
  | 'OBJECTION_BY_OTHER_HOLDER'
  /** DENY. The organisation is not in the trade register. De organisatie staat niet in het handelsregister. (Handelsregisterwet 2007) */
  | 'ORGANISATION_NOT_REGISTERED'
  /** CONSENT_REQUIRED. The other heirs must consent too. De andere erfgenamen moeten ook toestemming geven. (BW 3:170, 4:182) */
  | 'OTHER_HEIRS_MUST_CONSENT'
  /** CONSENT_REQUIRED. The other holder of authority must consent too. De ander met gezag of dezelfde taak moet ook toestemming geven. (BW 1:247, 1:253i, 7:465) */
  | 'OTHER_HOLDER_MUST_CONSENT'
  /** INDETERMINATE. It is not known who else must decide. Niet bekend is wie er nog meer over moet beslissen. (domain.md 2.3, 7.5) */
  | 'OTHER_HOLDER_UNKNOWN'
  /** PERMIT. You hold parental authority over this child. U hebt het ouderlijk gezag over dit kind. (BW 1:245, 1:251) */
  | 'PARENTAL_AUTHORITY'
  /** INDETERMINATE. The provider decides this itself. Please get in touch. Hierover beslist de zorgaanbieder of instelling zelf. Neem contact op. (BW 7:458a, 7:465) */
  | 'PROVIDER_MUST_DECIDE'
  /** DENY. This provider is not connected, or no longer. Deze aanbieder is nog niet of niet meer aangesloten. (facts.md 5.1.1) */
  | 'PROVIDER_NOT_LIVE'
  /** PERMIT. The care provider lets you see the record of the deceased. De zorgaanbieder geeft u inzage in het dossier van de overledene. (BW 7:458a) */
  | 'RECORD_AFTER_DEATH'
  /** INDETERMINATE. A register that this needs has been silent for too long. Een register dat hiervoor nodig is, heeft te lang niets laten horen. (domain.md 7.6) */
  | 'REGISTER_STALE'
  /** DENY. The representative is deceased. De vertegenwoordiger is overleden. (BW 3:72; domain.md 1.6) */
  | 'REPRESENTATIVE_DECEASED'
  /** DENY. You cannot carry out this task at present. U kunt deze taak nu niet uitvoeren. (BW 1:383, 1:435 lid 6, 1:452 lid 6) */
  | 'REPRESENTATIVE_EXCLUDED'
  /** DENY. The representative is under curatele. De vertegenwoordiger staat onder curatele. (BW 1:381) */
  | 'REPRESENTATIVE_INCAPABLE'
  /** DENY. You are too young for this. U bent hiervoor te jong. (BW 1:246; MedMij) */
  | 'REPRESENTATIVE_TOO_YOUNG'
  /** DENY. This person is deceased. Deze persoon is overleden. (domain.md 1.6, 2.7) */
  | 'REPRESENTED_DECEASED'
  /** DENY. This person decides this alone. Deze persoon beslist hier zelf over. (BW 7:447, 1:453, 1:381 lid 4) */
  | 'REPRESENTED_DECIDES_ALONE'
  /** DENY. This person is 18 or over. Deze persoon is 18 jaar of ouder. (BW 1:233, 1:245) */
  | 'REPRESENTED_IS_ADULT'
  /** CONSENT_REQUIRED. This needs leave of the court or, under bewind, consent of the person. Hiervoor is toestemming van de kantonrechter of, bij bewind, van de persoon zelf nodig. (BW 1:345, 1:386, 1:441 lid 2) */
  | 'REPRESENTED_OR_COURT_MUST_CONSENT'
  /** DENY. Somebody else holds the next-of-kin mandate already. Iemand anders heeft de nabestaandenmachtiging al. (domain.md 2.7) */
  | 'SECOND_HOLDER'
  /** PERMIT. You act for yourself. U regelt dit voor uzelf. (facts.md 5.4) */
  | 'SELF'
  /** DENY. You cannot do this yourself. U kunt dit niet zelf regelen. (BW 1:234, 1:381, 1:438) */
  | 'SELF_NOT_ABLE'
  /** DENY. This service is not offered here. Deze dienst is hier niet bekend. (facts.md 5.1.1) */
  | 'SERVICE_NOT_OFFERED'
  /** PERMIT. You hold authority over this child together with another person. U hebt samen met een ander het gezag over dit kind. (BW 1:253sa, 1:253t) */
  | 'SHARED_AUTHORITY'
  /** INDETERMINATE. The registers contradict each other about the authority. De registers spreken elkaar tegen over het gezag. (domain.md 7.6) */
  | 'SOURCES_DISAGREE'
  /** DENY. Log in at a higher level of assurance. Log in op een hoger betrouwbaarheidsniveau. (eIDAS art. 8) */
  | 'STEP_UP_REQUIRED'
  /** PERMIT. The court has given you consent for this treatment. De rechter heeft u toestemming gegeven voor deze behandeling. (BW 1:265e, 1:265h) */
  | 'TREATMENT_SUBSTITUTE'
  /** INDETERMINATE. A fact that this rests on is under investigation. Een gegeven dat hiervoor nodig is, wordt onderzocht. (domain.md 7.1; Wet BRP 2.26) */
  | 'UNDER_INVESTIGATION'
  /** PERMIT. This person has mandated you for this service. Deze persoon heeft u gemachtigd voor deze dienst. (BW 3:60) */
  | 'VOLUNTARY_MANDATE'
  /** DENY. The mandate has been withdrawn. De machtiging is ingetrokken. (BW 3:72) */
  | 'WITHDRAWN';

export type PlacesQueryVariables = Exact<{
  after?: string | null | undefined;
}>;


export type PlacesQuery = { providers: { nodes: Array<{ id: string, name: string | null, live: boolean, services: Array<{ id: string, name: string | null }> }>, pageInfo: { hasNextPage: boolean, endCursor: string | null } } };

export type WhomQueryVariables = Exact<{
  representative: string;
  provider: string;
  service: string;
  assurance: Assurance;
  organisation?: string | null | undefined;
  after?: string | null | undefined;
}>;


export type WhomQuery = { representedBy: { nodes: Array<{ person: { id: string, name: string | null }, decision: { outcome: Outcome } }>, pageInfo: { hasNextPage: boolean, endCursor: string | null } } };

export type DecideQueryVariables = Exact<{
  question: Question;
  atLeast?: string | null | undefined;
}>;


export type DecideQuery = { decision: { outcome: Outcome, reason: ReasonCode, stepUp: Assurance | null, requiredConsents: Array<string>, validUntil: string | null, asOf: string, reasons: Array<{ code: ReasonCode, text: string }>, grounds: Array<{ id: string, kind: AuthorityKind, status: AuthorityStatus, validUntil: string | null }> } };

export type FollowSubscriptionVariables = Exact<{
  question: Question;
  after?: string | null | undefined;
}>;


export type FollowSubscription = { decisionChanged: { cause: DecisionCause, resume: string, decision: { outcome: Outcome, reason: ReasonCode, stepUp: Assurance | null, requiredConsents: Array<string>, validUntil: string | null, asOf: string, reasons: Array<{ code: ReasonCode, text: string }>, grounds: Array<{ id: string, kind: AuthorityKind, status: AuthorityStatus, validUntil: string | null }> } } };

export type WithdrawMutationVariables = Exact<{
  id: string;
}>;


export type WithdrawMutation = { withdrawMandate: { asOf: string, userErrors: Array<{ code: string, message: string }> } };

export type ShownFragment = { outcome: Outcome, reason: ReasonCode, stepUp: Assurance | null, requiredConsents: Array<string>, validUntil: string | null, asOf: string, reasons: Array<{ code: ReasonCode, text: string }>, grounds: Array<{ id: string, kind: AuthorityKind, status: AuthorityStatus, validUntil: string | null }> };

export class TypedDocumentString<TResult, TVariables>
  extends String
  implements DocumentTypeDecoration<TResult, TVariables>
{
  __apiType?: NonNullable<DocumentTypeDecoration<TResult, TVariables>['__apiType']>;
  private value: string;
  public __meta__?: Record<string, any> | undefined;

  constructor(value: string, __meta__?: Record<string, any> | undefined) {
    super(value);
    this.value = value;
    this.__meta__ = __meta__;
  }

  override toString(): string & DocumentTypeDecoration<TResult, TVariables> {
    return this.value;
  }
}
export const ShownFragmentDoc = new TypedDocumentString(`
    fragment Shown on Decision {
  outcome
  reason
  stepUp
  requiredConsents
  validUntil
  asOf
  reasons {
    code
    text
  }
  grounds {
    id
    kind
    status
    validUntil
  }
}
    `, {"fragmentName":"Shown"}) as unknown as TypedDocumentString<ShownFragment, unknown>;
export const PlacesDocument = new TypedDocumentString(`
    query Places($after: String) {
  providers(first: 100, after: $after) {
    nodes {
      id
      name
      live
      services {
        id
        name
      }
    }
    pageInfo {
      hasNextPage
      endCursor
    }
  }
}
    `) as unknown as TypedDocumentString<PlacesQuery, PlacesQueryVariables>;
export const WhomDocument = new TypedDocumentString(`
    query Whom($representative: ID!, $provider: ID!, $service: ID!, $assurance: Assurance!, $organisation: ID, $after: String) {
  representedBy(
    representative: $representative
    provider: $provider
    service: $service
    assurance: $assurance
    organisation: $organisation
    first: 50
    after: $after
  ) {
    nodes {
      person {
        id
        name
      }
      decision {
        outcome
      }
    }
    pageInfo {
      hasNextPage
      endCursor
    }
  }
}
    `) as unknown as TypedDocumentString<WhomQuery, WhomQueryVariables>;
export const DecideDocument = new TypedDocumentString(`
    query Decide($question: Question!, $atLeast: String) {
  decision(question: $question, atLeast: $atLeast) {
    ...Shown
  }
}
    fragment Shown on Decision {
  outcome
  reason
  stepUp
  requiredConsents
  validUntil
  asOf
  reasons {
    code
    text
  }
  grounds {
    id
    kind
    status
    validUntil
  }
}`) as unknown as TypedDocumentString<DecideQuery, DecideQueryVariables>;
export const FollowDocument = new TypedDocumentString(`
    subscription Follow($question: Question!, $after: String) {
  decisionChanged(question: $question, after: $after) {
    cause
    resume
    decision {
      ...Shown
    }
  }
}
    fragment Shown on Decision {
  outcome
  reason
  stepUp
  requiredConsents
  validUntil
  asOf
  reasons {
    code
    text
  }
  grounds {
    id
    kind
    status
    validUntil
  }
}`) as unknown as TypedDocumentString<FollowSubscription, FollowSubscriptionVariables>;
export const WithdrawDocument = new TypedDocumentString(`
    mutation Withdraw($id: ID!) {
  withdrawMandate(id: $id) {
    asOf
    userErrors {
      code
      message
    }
  }
}
    `) as unknown as TypedDocumentString<WithdrawMutation, WithdrawMutationVariables>;