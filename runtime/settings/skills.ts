/** One skill that a tenant may be given. */
interface Skill {
  readonly says: string;
}

/**
 * The skills that can be allowed or blocked. The first five are those of the source requirements;
 * the last three are for customer service. A skill is instructions for the agent, not a permission.
 */
export const SKILLS = {
  "web-search": { says: "Looks things up on the web." },
  "social-media": { says: "Drafts posts for social networks." },
  "content-gen": { says: "Writes articles and product texts." },
  "code-runner": { says: "Writes code and runs it in the sandbox." },
  "file-manager": { says: "Reads and orders files of the workspace." },
  "ticket-triage": { says: "Sorts customer requests by subject and urgency." },
  "knowledge-base": { says: "Answers from the tenant's own documents." },
  "reply-drafts": { says: "Drafts answers to customers for a person to send." },
} as const satisfies Readonly<Record<string, Skill>>;

export type SkillName = keyof typeof SKILLS;

/** In the order of the catalogue. */
export const skillNames = Object.keys(SKILLS) as readonly SkillName[] as readonly [SkillName, ...SkillName[]];

/** The skills that a tenant really has: `*` is the whole catalogue, and what is blocked is taken away. Catalogue order. */
export function effectiveSkills(tenant: {
  readonly allowed_skills: readonly (SkillName | "*")[];
  readonly blocked_skills: readonly SkillName[];
}): readonly SkillName[] {
  const everything = tenant.allowed_skills.includes("*");
  return skillNames.filter(
    (name) => (everything || tenant.allowed_skills.includes(name)) && !tenant.blocked_skills.includes(name),
  );
}
