#ifndef RIEMANN_TEST_UNIT_GOLDEN_CLIENT_REPLAY_HPP
#define RIEMANN_TEST_UNIT_GOLDEN_CLIENT_REPLAY_HPP

#include "../core/rig.hpp"
#include "conduct.hpp"
#include "transcript.hpp"

#include <riemann/message.hpp>

#include <cstddef>
#include <limits>
#include <span>
#include <vector>

namespace riemann::golden {

/// The bytes of one read, at most.
inline constexpr std::size_t as_they_fit = std::numeric_limits<std::size_t>::max();

/// A real Riemann's bounds.
[[nodiscard]] session_options wide_limits();

/// What a client of ours can have sent of a recorded request, message by message: the
/// same bytes, as is checked.
[[nodiscard]] std::vector<message> messages_of(const transcript& t);

/// A client's session, of which the messages of one record are asked, and which is fed
/// what the real server answered, when it did: the answers, silence, its end.
class client_replay {
public:
  client_replay(const transcript& t, std::size_t piece);

  /// The answers, in the bytes of the record, and whether the connection then ends.
  void play();
  /// The client closes its half at once, and the server everything, unanswered.
  void play_unanswered();

private:
  void send_all();
  void write(const test::request& r);
  void feed(std::span<const std::byte> what);
  void answer(test::request& r);
  void omit(test::request& r);
  void check_answered(const test::request& r, const boost::json::object* decoded);
  void end();
  void check_lost(errc why);

  const transcript& record_;
  std::size_t piece_;
  conduct what_;
  test::rig rig_;
  std::vector<test::request*> sent_{};
  std::vector<std::span<const std::byte>> answers_;
  std::size_t answered_ = 0; ///< of them
  bool omitted_ = false;
};

} // namespace riemann::golden

#endif
