import { InvalidArgumentError } from "commander";

/** An option's value that counts something. @throws InvalidArgumentError, which is a wrong command line. */
export function wholeNumber(text: string): number {
  const value = Number(text);
  if (/^\d+$/.test(text) && Number.isSafeInteger(value)) return value;
  throw new InvalidArgumentError("It must be a whole number.");
}
