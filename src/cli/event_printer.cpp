#include "cli/event_printer.hpp"

#include "cli/json.hpp"
#include "cli/output.hpp"

#include <utility>

namespace riemann::cli {

void event_printer::add(const event& e)
{
  text_.append(to_json(e)).append("\n");
  ++waiting_;
  if (text_.size() >= much) {
    flush();
  }
}

void event_printer::flush()
{
  print(std::exchange(text_, {}));
  printed_ += std::exchange(waiting_, 0);
}

} // namespace riemann::cli
