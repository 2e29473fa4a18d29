/** Every text of a white paper. The keys are the contract: the other languages have the same. */
export const en = {
  title: "Security white paper",
  about:
    "Made from the plan of this environment. Each statement names what carries it. Nothing here says that the environment runs, or that a check has been run on it.",
  architecture: "Architecture",
  topology: "Topology",
  region: "Region",
  tenants: "Tenants",
  warnings: "What the plan warns of",
  "section.flow": "Data flow",
  "section.access": "Access control",
  "section.encryption": "Encryption",
  "section.audit": "Audit",
  "section.incident": "Incident response",
  "mark.planned": "planned",
  "mark.tried": "tried by a check",
  "mark.procedure": "procedure",
  "mark.not-shown": "not shown by this plan",
  cited: "Rests on",
  check: "check of breakwater verify",
  against: "Not true of",
  picture: "Who may talk to whom on the way of a request",
  table: "Every permission of the plan",
  from: "From",
  to: "To",
  ports: "Ports",
  said: "Allowed by",
  "said.both": "both ends",
  "said.sender": "the sender",
  "said.receiver": "the receiver",
  "said.note":
    "Traffic between two parties of the plan needs both ends. Each tenant has its own cell and sandbox; they are drawn once. An asterisk is every pod of a namespace.",
  "flow.policies":
    "The picture and the table are drawn from the network policies of the plan. What they do not name is denied where a namespace denies by default.",
  "access.default-deny": "The namespaces of the platform and of every tenant deny all traffic that no policy allows.",
  "access.no-addresses":
    "Cells, sandboxes and the model router accept traffic from named parts of the platform only, and from no address.",
  "access.tenants":
    "Each tenant has a namespace of its own in which only restricted pods are admitted; what one tenant's agent remembers, no other finds.",
  "access.keys": "A tenant's key opens nothing of another tenant, whatever the request says of itself.",
  "access.cell": "A cell reaches the model router, its own sandbox and name resolution, and nothing else.",
  "access.admission":
    "The API server refuses a pod in a tenant's namespace that is not the cell or the sandbox that is rendered here, whoever asks for it.",
  "access.clock": "A command in a sandbox is ended, with all that it started, when its time is up.",
  "access.kernel": "Code that an agent runs, runs in a sandbox under a runtime class with a kernel of its own.",
  "access.sandbox": "A sandbox reaches nothing: no internet, no metadata service, no other tenant.",
  "access.database": "No cell and no sandbox reaches the database, and the model router's user reads no API keys.",
  "access.pods": "The platform's pods run as a plain user, without capabilities, and cannot write their own files.",
  "access.border": "What leaves the network passes a filter with a list of names.",
  "access.people":
    "The company decides who gets a key and in which role, takes keys back when people leave, and reviews them at fixed times.",
  "encryption.entry":
    "People and channels reach the load balancer by TLS only, under a named policy of versions and ciphers.",
  "encryption.database": "The database's storage is encrypted with a key of this environment.",
  "encryption.database-transit":
    "Connections to the database can be encrypted, and the database is told to offer or demand it.",
  "encryption.inside":
    "Cells, model router and the database in the cluster are heard by TLS 1.3 alone, with certificates of an authority of this environment.",
  "encryption.files": "Shared file systems are encrypted with a key of this environment.",
  "encryption.objects": "Objects in buckets are encrypted at rest.",
  "encryption.keys": "The keys of this environment are rotated by the cloud.",
  "encryption.secrets": "Secrets are delivered from files: the plan has their names, and no value.",
  "encryption.vault": "The environment has a vault of its own.",
  "encryption.custody":
    "The company keeps the vault's recovery shares, the backup keys and the secret files with people and places that are written down.",
  "audit.volumes": "The front door and the model router each write an audit log to a volume of their own.",
  "audit.signed": "The audit logs are signed with keys that only their writers have.",
  "audit.locked": "Archived records lie in a store that refuses deletion until their term is over.",
  "audit.account": "What is done in the cloud account is recorded.",
  "audit.network": "Connections in the network are recorded.",
  "audit.screening":
    "Payment card numbers and social security numbers that people type are taken out before a model reads them.",
  "audit.review":
    "Somebody who does not run the platform reads the audit log at fixed times and verifies its chain: breakwater audit verify.",
  "incident.alerts": "Alert rules watch the platform.",
  "incident.backups": "Backups are made by a schedule.",
  "incident.detect": "Detect: an alert or a report opens an incident, with a time, an owner and a severity.",
  "incident.contain":
    "Contain: revoke the keys concerned (breakwater keys revoke), stop the tenant's cell, and leave its volume untouched.",
  "incident.evidence":
    "Keep evidence: verify and export the audit log (breakwater audit verify, breakwater audit export) before anything is rebuilt.",
  "incident.recover":
    "Recover: rebuild from the environment file, restore data from the last backup, and run breakwater verify before people come back.",
  "incident.notify":
    "Notify: tell the people concerned and the authorities within the terms of the law that applies; counsel decides which.",
  "incident.learn": "Learn: write down cause and change within ten working days, and try the recovery once a year.",
} as const satisfies Readonly<Record<string, string>>;

export type TextKey = keyof typeof en;
export type Texts = Readonly<Record<TextKey, string>>;
