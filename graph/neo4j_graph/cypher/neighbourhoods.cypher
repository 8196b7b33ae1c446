// All that can matter to questions, in one query at one position. A view is a `known_at`, the people on both sides,
// the employments asked about, and the things named. Of people the statements about them come with it, and of whoever
// any of those names as holder the person and the authorities over them.
MATCH (ledger:Ledger {name: 'machtigen'})
WITH ledger, ledger.position AS position, ledger.registers AS registers_position
WITH ledger, position, registers_position, coalesce($as_of, position) AS until
CALL (until, registers_position) {
  UNWIND $views AS view
  CALL (view, until) {
    UNWIND view.people AS person
    MATCH (f:Fact) USING INDEX f:Fact(about)
    WHERE f.about = person AND f.position <= until AND f.recorded_at <= view.known_at
    RETURN collect(DISTINCT {type: f.type, id: f.id}) AS about_people, collect(DISTINCT f.holder) AS holders
  }
  CALL (view, until, holders) {
    UNWIND holders AS holder
    MATCH (f:Fact) USING INDEX f:Fact(about)
    WHERE f.about = holder AND f.type = 'authority' AND f.position <= until AND f.recorded_at <= view.known_at
    RETURN collect(DISTINCT {type: f.type, id: f.id}) AS over_holders
  }
  CALL (view, until) {
    UNWIND view.employments AS employment
    MATCH (f:Fact) USING INDEX f:Fact(employer, employee)
    WHERE f.employer = employment.employer AND f.employee = employment.employee
      AND f.position <= until AND f.recorded_at <= view.known_at
    RETURN collect(DISTINCT {type: f.type, id: f.id}) AS employments
  }
  WITH view, until, registers_position,
       about_people + over_holders + employments + view.named
       + [holder IN holders | {type: 'person', id: holder}] AS statements
  CALL (view, until, statements) {
    UNWIND statements AS each
    WITH DISTINCT view, until, each AS statement
    CALL (view, until, statement) {
      MATCH (f:Fact) USING INDEX f:Fact(type, id, recorded_at)
      WHERE f.type = statement.type AND f.id = statement.id
        AND f.recorded_at <= view.known_at AND f.position <= until
      RETURN f.line AS line ORDER BY f.recorded_at DESC, f.position DESC LIMIT 1
    }
    RETURN collect(line) AS lines
  }
  CALL (view, until, registers_position) {
    // a reader that has seen the newest registers needs them no more
    UNWIND CASE WHEN view.registers_seen = registers_position THEN [] ELSE [1] END AS wanted
    MATCH (r:Register)
    CALL (view, until, r) {
      MATCH (f:Fact) USING INDEX f:Fact(type, id, recorded_at)
      WHERE f.type = 'register' AND f.id = r.id AND f.recorded_at <= view.known_at AND f.position <= until
      RETURN f.line AS line ORDER BY f.recorded_at DESC, f.position DESC LIMIT 1
    }
    RETURN collect(line) AS registers
  }
  RETURN collect([lines, registers]) AS found
}
RETURN position, registers_position, found
