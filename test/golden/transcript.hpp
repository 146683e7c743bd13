#ifndef RIEMANN_TEST_GOLDEN_TRANSCRIPT_HPP
#define RIEMANN_TEST_GOLDEN_TRANSCRIPT_HPP

#include <boost/json.hpp>

#include <cstddef>
#include <span>
#include <string>
#include <vector>

namespace riemann::golden {

using bytes = std::vector<std::byte>;

/// One recorded exchange with a real Riemann.
struct transcript {
  std::string name{};
  std::string transport{}; ///< tcp, tls, or udp
  std::string outcome{};   ///< in the recorder's words: what became of the connection
  bytes request{};
  bytes response{};
  /// What the recorder read in the response, answer by answer; empty where it noted no
  /// more than how many events came.
  std::vector<boost::json::object> decoded{};
  boost::json::object line{}; ///< all of it
};

/// All of them, in the order of the recording, in which each found what those before
/// it had left in the index. Long byte strings, of which the recording keeps the
/// beginning, the length and the hash, are whole again.
[[nodiscard]] const std::vector<transcript>& transcripts();
/// The one of this name; it is there.
[[nodiscard]] const transcript& transcript_named(const std::string& name);

/// The bodies of the whole frames that the bytes begin with.
[[nodiscard]] std::vector<std::span<const std::byte>> bodies_of(std::span<const std::byte> frames);

} // namespace riemann::golden

#endif
