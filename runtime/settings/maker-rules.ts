import type { Problem } from "../problems/index.ts";
import { makersOf } from "./maker-of.ts";
import { MODEL_MAKERS } from "./model-makers.ts";
import { modelUses } from "./model-uses.ts";
import { settingsProblem } from "./problem.ts";
import { show } from "./show.ts";
import { STATE_OWNED_HOME as HOME, saysStateOwned } from "./state-owned.ts";
import { formatPath, listAt, type Path, valueAt } from "./walk.ts";

/**
 * What a state-owned customer may not use: a model whose maker is abroad or is not known, wherever it is named and whoever
 * serves it. Own GPUs that serve one are no way around. Reads data of any shape.
 */
export function makerObstacles(data: unknown): readonly Problem[] {
  const declared = listAt(data, ["deployment", "domestic_models"]);
  const wrong = declared.flatMap((model, index) => wrongDeclaration(model, index, saysStateOwned(data)));
  if (!saysStateOwned(data)) return wrong;
  const named = namedModels(data);
  const allowed = [...new Set(named.map(({ model }) => model).filter((model) => isDomestic(model, declared)))].sort();
  const refused = named.filter(({ model }) => !isDomestic(model, declared));
  return [...wrong, ...refused.map((one) => foreignModel(one, allowed))];
}

interface NamedModel {
  readonly path: Path;
  readonly model: string;
}

/** Every model that is asked or served; the echo model is a stand-in for any name and is none. */
function namedModels(data: unknown): readonly NamedModel[] {
  const asked = listAt(data, ["multi_tenant", "tenants"]).flatMap((tenant, index) =>
    modelUses(tenant, ["multi_tenant", "tenants", index])
      .filter(({ provider }) => valueAt(data, ["model_providers", provider, "kind"]) !== "echo")
      .map(({ path, model }) => ({ path: [...path, "model"], model })),
  );
  const served = listAt(data, ["inference", "models"]).map((entry, index) => ({
    path: ["inference", "models", index, "model"],
    model: valueAt(entry, ["model"]),
  }));
  return [...asked, ...served].flatMap(({ path, model }) => (typeof model === "string" ? [{ path, model }] : []));
}

function isDomestic(model: string, declared: readonly unknown[]): boolean {
  const makers = makersOf(model, HOME);
  if (makers.length === 0) return declared.includes(model);
  return makers.every(({ country }) => country === HOME);
}

function foreignModel({ path, model }: NamedModel, allowed: readonly string[]): Problem {
  const abroad = makersOf(model, HOME).filter(({ country }) => country !== HOME);
  const choice =
    allowed.length > 0
      ? `choose ${allowed.map(show).join(" or ")}, which the settings name already`
      : `choose a model of a family of ${show(HOME)}: ${families().join(", ")}`;
  return settingsProblem("settings/foreign-model", formatPath(path), {
    got: `${show(model)}, ${abroad.length === 0 ? "whose maker is not known" : `a model of ${nameAll(abroad)}`}`,
    expected: `a model whose maker is under the law of ${show(HOME)}, because deployment.state_owned is true (asked of state-owned companies by the requirements)`,
    remedy:
      abroad.length === 0
        ? `${choice}, or add this one to deployment.domestic_models if its maker is in ${show(HOME)}`
        : choice,
  });
}

function wrongDeclaration(model: unknown, index: number, isStateOwned: boolean): readonly Problem[] {
  if (typeof model !== "string") return [];
  const path = formatPath(["deployment", "domestic_models", index]);
  if (!isStateOwned) {
    return [
      settingsProblem("settings/contradiction", path, {
        got: `${show(model)} without deployment.state_owned`,
        expected: "no list, because any maker's models may be used then",
        remedy: "remove it, or set deployment.state_owned to true",
      }),
    ];
  }
  const abroad = makersOf(model, HOME).filter(({ country }) => country !== HOME);
  if (abroad.length === 0) return [];
  return [
    settingsProblem("settings/contradiction", path, {
      got: `${show(model)}, a model of ${nameAll(abroad)}`,
      expected: "a model whose name no maker abroad is known by: what is known wins over what is written",
      remedy: "remove it, and choose another model where it is named",
    }),
  ];
}

function nameAll(makers: ReturnType<typeof makersOf>): string {
  return makers.map(({ maker, country }) => `${maker} (${country})`).join(" and ");
}

function families(): readonly string[] {
  return MODEL_MAKERS.filter(({ country }) => country === HOME).map(({ words }) => words[0] ?? "");
}
