import { randomBytes, randomInt } from "node:crypto";
import type { Checked, Diff, Properties, ResourceKind } from "./resource-kind.ts";
import { UNKNOWN } from "./secret-inputs.ts";

/** Type token of random passwords. */
export const ADMIN_PASSWORD = "breakwater:index:AdminPassword";

const LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

/** 190 random bits. What every cloud takes: no sign that needs quoting, and no longer than any allows. */
const LENGTH = 32;

/** Rules of clouds for the password of a database's administrator: one of each. */
const CLASSES = [/[A-Z]/, /[a-z]/, /[0-9]/];

/** How Pulumi marks a secret on the wire (sdk/go/common/resource/properties.go). */
const SECRET_MARK = { "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270" };

/** The life of one random password: made once, kept by the engine's state alone, which holds it encrypted. */
export class AdminPasswordResource implements ResourceKind {
  check(news: Properties): Checked {
    const failures = Object.keys(news).map((property) => ({
      property,
      reason: `[secrets/malformed] ${property}: got that field; expected none; correct the AdminPassword resource`,
    }));
    return { inputs: news, failures };
  }

  /** It has no inputs that could differ. */
  diff(): Diff {
    return { changed: [], replaces: [] };
  }

  preview(): Properties {
    return { password: UNKNOWN };
  }

  async create(): Promise<{ readonly id: string; readonly state: Properties }> {
    return { id: randomBytes(8).toString("hex"), state: asSecret(randomPassword()) };
  }

  async update(state: Properties): Promise<Properties> {
    return kept(state);
  }

  async read(state: Properties): Promise<Properties | undefined> {
    return "password" in state ? kept(state) : undefined;
  }

  /** What was made with it is deleted by itself. */
  async delete(): Promise<void> {}
}

/** The engine hands it over in the clear, and takes back what is marked. */
function kept({ password }: Properties): Properties {
  return asSecret(password);
}

function asSecret(value: unknown): Properties {
  return { password: { ...SECRET_MARK, value } };
}

/** 32 characters of `A-Za-z0-9`, at least one of each kind. */
export function randomPassword(): string {
  const password = Array.from({ length: LENGTH }, () => LETTERS[randomInt(LETTERS.length)]).join("");
  return CLASSES.every((characters) => characters.test(password)) ? password : randomPassword();
}
