#include "cli/man_page.hpp"

#include "cli/counterparts.hpp"
#include "cli/environment.hpp"
#include "cli/exit_code_meanings.hpp"
#include "cli/help.hpp"

#include <span>
#include <string_view>

namespace riemann::cli {

namespace {

/// Text that means nothing to roff.
std::string plain(std::string_view text)
{
  std::string result;
  bool starts_line = true;
  for (const char c : text) {
    if (starts_line && (c == '.' || c == '\'')) {
      result += "\\&";
    }
    starts_line = c == '\n';
    if (c == '\\') {
      result += "\\e";
    } else if (c == '-') {
      result += "\\-";
    } else if (c == '~') {
      result += "\\(ti";
    } else if (c == '^') {
      result += "\\(ha";
    } else if (c == '`') {
      result += "\\(ga";
    } else if (c == '\'') {
      result += "\\(aq";
    } else {
      result += c;
    }
  }
  return result;
}

std::string bold(std::string_view text)
{
  return "\\fB" + plain(text) + "\\fR";
}

std::string section(std::string_view title)
{
  return ".SH " + std::string{title} + "\n";
}

std::string verbatim(std::string_view text)
{
  return text.empty() ? std::string{} : ".PP\n.nf\n" + plain(text) + "\n.fi\n";
}

std::string options_text(const std::vector<option_outline>& options)
{
  std::string text;
  for (const option_outline& option : options) {
    std::string names;
    for (const std::string& name : option.names) {
      names.append(names.empty() ? "" : ", ").append(bold(name));
    }
    if (!option.type.empty()) {
      names += " \\fI" + plain(option.type) + "\\fR";
    }
    text += ".TP\n" + names + "\n" + plain(option.description) + ".\n";
  }
  return text;
}

std::string commands_text(const command_outline& outline)
{
  std::string text;
  for (const subcommand_outline& command : outline.commands) {
    text += ".SS " + command.name + "\n" + plain(command.description) + ".\n" +
            options_text(command.options) + verbatim(command.footer);
  }
  return text;
}

std::string environment_text()
{
  std::string text;
  for (const environment_variable& variable : environment_variables) {
    text += ".TP\n" + bold(variable.name) + "\n" +
            (variable.option.empty() ? "The password of the key in \\fB\\-\\-keyfile\\fR"
                                     : "In place of " + bold(variable.option)) +
            ".\n";
  }
  return text + ".TP\n" + bold("NO_COLOR") + "\nIf set, terminals get no colours either.\n.TP\n" +
         bold("TERM") + "\nIf it is dumb, neither colours nor lines that are written anew.\n.TP\n" +
         bold("COLUMNS") +
         "\nThe width of tables where standard output is no terminal; if not set, nothing is "
         "clipped there.\n";
}

std::string exit_codes_text()
{
  std::string text;
  for (const exit_code_meaning& one : exit_code_meanings) {
    text += ".TP\n" + bold(std::to_string(static_cast<int>(one.code))) + "\n" + plain(one.meaning) +
            ".\n";
  }
  return text;
}

std::string table(std::string_view title, std::span<const counterpart> rows)
{
  std::string text = ".PP\n.TS\nlb lb\nlx lx.\n" + plain(title) + "\triemann\\-cli\n";
  for (const counterpart& row : rows) {
    text += "T{\n" + plain(row.theirs) + "\nT}\tT{\n" + plain(row.ours) + "\nT}\n";
  }
  return text + ".TE\n";
}

} // namespace

std::string man_page(const command_outline& outline)
{
  std::string text = "'\\\" t\n.\\\" As `riemann-cli man` prints it.\n"
                     ".TH RIEMANN\\-CLI 1 \"\" \"" +
                     plain(help::version) + "\" \"User Commands\"\n";
  text += section("NAME") + "riemann\\-cli \\- talk to Riemann, the event stream processor\n";
  text += section("SYNOPSIS") +
          "\\fBriemann\\-cli\\fR [\\fIOPTIONS\\fR] \\fICOMMAND\\fR [\\fIOPTIONS\\fR]\n";
  text += section("DESCRIPTION") + plain(outline.description) + "\n" + verbatim(help::options_note);
  text += section("OPTIONS") + options_text(outline.options);
  text += section("COMMANDS") + commands_text(outline);
  text += section("ENVIRONMENT") + environment_text();
  text += section("FILES") +
          ".TP\n\\fI$XDG_CONFIG_HOME/riemann/riemann\\-cli.toml\\fR\n"
          "Values of options, by their long names, in TOML: port = 5555, host = \"name\", "
          "tag = [\"a\", \"b\"]; those of a command in a section of its name, [send]. A flag is "
          "true or false. Keys that are no option's are refused, and so are dates and tables as "
          "values. XDG_CONFIG_HOME is ~/.config unless set.\n";
  text += section("\"EXIT STATUS\"") + exit_codes_text();
  text += section("EXAMPLES") + verbatim(help::examples);
  text += section("\"OTHER CLIENTS\"") +
          "What the options of other clients' programs, both called riemann\\-client, are here.\n" +
          table("Python: riemann-client", python_counterparts) +
          table("C: riemann-client", c_counterparts);
  text.pop_back();
  return text;
}

} // namespace riemann::cli
