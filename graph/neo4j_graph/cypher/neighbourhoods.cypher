// All that can matter to questions, in one query at one position. A view is a `known_at`, the people on both sides,
// the employments asked about, and the things named. Of people the statements about them come with it, and of whoever
// any of those names as holder the person and the authorities over them.
MATCH (ledger:Ledger {name: 'machtigen'})
WITH ledger, ledger.position AS position, ledger.registers AS registers_position
WITH ledger, position, registers_position, coalesce($as_of, position) AS until
CALL (until, registers_position) {
  UNWIND $views AS view
  // only what each part needs: whatever it is given is counted anew, and held, for every row that it makes
  WITH until, registers_position, view.known_at AS known_at, view.people AS people, view.employments AS asked,
       view.named AS named, view.registers_seen AS registers_seen
  CALL (people, known_at, until) {
    UNWIND people AS person
    MATCH (f:Fact) USING INDEX SEEK f:Fact(about)
    WHERE f.about = person AND f.position <= until AND f.recorded_at <= known_at
    RETURN collect(DISTINCT {type: f.type, id: f.id}) AS about_people, collect(DISTINCT f.holder) AS holders
  }
  CALL (known_at, until, holders) {
    UNWIND holders AS holder
    MATCH (f:Fact) USING INDEX SEEK f:Fact(about)
    WHERE f.about = holder AND f.type = 'authority' AND f.position <= until AND f.recorded_at <= known_at
    RETURN collect(DISTINCT {type: f.type, id: f.id}) AS over_holders
  }
  CALL (asked, known_at, until) {
    UNWIND asked AS employment
    MATCH (f:Fact) USING INDEX SEEK f:Fact(employer, employee)
    WHERE f.employer = employment.employer AND f.employee = employment.employee
      AND f.position <= until AND f.recorded_at <= known_at
    RETURN collect(DISTINCT {type: f.type, id: f.id}) AS employments
  }
  WITH known_at, until, registers_position, registers_seen,
       about_people + over_holders + employments + named
       + [holder IN holders | {type: 'person', id: holder}] AS statements
  CALL (known_at, until, statements) {
    UNWIND statements AS each
    WITH DISTINCT known_at, until, each AS statement
    CALL (known_at, until, statement) {
      MATCH (f:Fact) USING INDEX SEEK f:Fact(type, id, recorded_at)
      WHERE f.type = statement.type AND f.id = statement.id
        AND f.recorded_at <= known_at AND f.position <= until
      RETURN f.line AS line ORDER BY f.type DESC, f.id DESC, f.recorded_at DESC, f.position DESC LIMIT 1
    }
    RETURN collect(line) AS lines
  }
  CALL (known_at, until, registers_position, registers_seen) {
    // a reader that has seen the newest registers needs them no more
    UNWIND CASE WHEN registers_seen = registers_position THEN [] ELSE [1] END AS wanted
    MATCH (r:Register)
    CALL (known_at, until, r) {
      MATCH (f:Fact) USING INDEX SEEK f:Fact(type, id, recorded_at)
      WHERE f.type = 'register' AND f.id = r.id AND f.recorded_at <= known_at AND f.position <= until
      RETURN f.line AS line ORDER BY f.type DESC, f.id DESC, f.recorded_at DESC, f.position DESC LIMIT 1
    }
    RETURN collect(line) AS registers
  }
  RETURN collect([lines, registers]) AS found
}
RETURN position, registers_position, found
