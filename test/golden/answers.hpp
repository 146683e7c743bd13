#ifndef RIEMANN_TEST_GOLDEN_ANSWERS_HPP
#define RIEMANN_TEST_GOLDEN_ANSWERS_HPP

#include "transcript.hpp"

#include <riemann/event_view.hpp>
#include <riemann/response.hpp>

#include <boost/json.hpp>

#include <span>
#include <string>
#include <vector>

namespace riemann::golden {

/// The answers in a stream of frames, in a form that can be compared: the events of an
/// answer come in no particular order, and error texts are each server's own. The last
/// is "torn" where the stream ends within a frame.
[[nodiscard]] std::vector<std::vector<std::string>> describe(std::span<const std::byte> frames);

/// How an answer differs from what the recorder read in it, field by field; empty: not
/// at all.
[[nodiscard]] std::string compare(const response& read, const boost::json::object& decoded);

/// How the library and protobuf differ in what they read in an answer.
[[nodiscard]] std::string compare_with_protobuf(std::span<const std::byte> body);

} // namespace riemann::golden

#endif
