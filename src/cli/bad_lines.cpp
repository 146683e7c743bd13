#include "cli/bad_lines.hpp"

#include "cli/output.hpp"

namespace riemann::cli {

void bad_lines::add(const record& bad, std::string_view header, std::string_view problem)
{
  ++count_;
  if (throttle_.admits(std::chrono::steady_clock::now())) {
    complain_line("line " + std::to_string(bad.line) + ": " + std::string{problem} +
                  throttle_.unsaid(untold_.text()));
    untold_.clear();
  } else {
    untold_.add(bad.line);
  }
  if (!bad.too_long) {
    file_.add(header, bad.text);
  }
}

void bad_lines::finish()
{
  if (const auto unsaid = throttle_.unsaid_count(); unsaid > 0) {
    complain_line("and " + std::to_string(unsaid) + " more bad line" + (unsaid == 1 ? "" : "s") +
                  ": " + untold_.text());
  }
  file_.close();
}

} // namespace riemann::cli
