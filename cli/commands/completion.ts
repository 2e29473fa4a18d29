import { Command } from "commander";

/** Prints a completion script made from the commands themselves, so that it cannot lag behind them. */
export function completionCommand(root: Command): Command {
  return new Command("completion")
    .description("Print a completion script for bash or zsh: source <(breakwater completion bash)")
    .argument("<shell>", "bash or zsh")
    .exitOverride()
    .action((shell: string, _options: unknown, self: Command) => {
      if (shell !== "bash" && shell !== "zsh") self.error(`error: no completion for ${shell}; there is bash and zsh`);
      const compat = shell === "zsh" ? "autoload -U +X bashcompinit && bashcompinit\n" : "";
      process.stdout.write(`${compat}${bashScript(root)}`);
    });
}

function bashScript(root: Command): string {
  const words = (parent: Command) => parent.commands.map((child) => child.name()).join(" ");
  const flags = (child: Command) => child.options.flatMap(({ long }) => long ?? []).join(" ");
  const cases = root.commands.map(
    (child) => `    ${child.name()}) words="${words(child)} ${flags(child)} $environments" ;;`,
  );
  return `_breakwater() {
  local words environments
  environments="$(ls stacks/Pulumi.*.yaml 2>/dev/null | sed 's|.*/Pulumi\\.||; s|\\.yaml$||')"
  case "\${COMP_WORDS[1]}" in
${cases.join("\n")}
    *) words="" ;;
  esac
  [ "$COMP_CWORD" -eq 1 ] && words="${words(root)} --help --version"
  COMPREPLY=($(compgen -W "$words" -- "\${COMP_WORDS[COMP_CWORD]}"))
}
complete -o default -F _breakwater breakwater
`;
}
