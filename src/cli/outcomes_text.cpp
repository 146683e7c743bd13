#include "cli/outcomes_text.hpp"

namespace riemann::cli {

std::string outcomes_text(const tally& all)
{
  const std::string text =
      "acked " + std::to_string(all.acked) + " rejected " + std::to_string(all.rejected) +
      " unknown " + std::to_string(all.unknown) + " not_sent " + std::to_string(all.not_sent);
  return all.sent == 0 ? text : text + " sent " + std::to_string(all.sent);
}

} // namespace riemann::cli
