import { expect, test } from "vitest";
import { problemsOf } from "../../../../stacks/placement/index.ts";
import { placeWith } from "../../../support/places.ts";

test.each([1, 5, 10, 11, 50, 100, 101, 500, 5000])(
  "an environment for %i people with nothing wrong is not refused",
  (people) => {
    expect(problemsOf(placeWith({ sections: { deployment: { topology: "aws", region: "east-1", people } } }))).toEqual(
      [],
    );
  },
);
