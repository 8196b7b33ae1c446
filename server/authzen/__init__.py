"""AuthZEN Authorization API 1.0 over the same decisions as GraphQL (https://openid.net/specs/authorization-api-1_0.html).

AuthZEN's *subject* is our representative, its *resource* the represented, its *action* the full id of a service
(domain.md chapter 11, and the Dutch profile). `messages.py` has what is sent, `questions.py` turns it into questions,
`answering.py` answers, `endpoints.py` is the HTTP around it.
"""
