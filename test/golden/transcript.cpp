#include "transcript.hpp"

#include "golden_file.hpp"
#include "rebuild.hpp"

#include <algorithm>
#include <stdexcept>

namespace riemann::golden {

namespace {

bytes read_bytes(const boost::json::object& line, const std::string& name, direction which)
{
  const std::string key = which == direction::request ? "request" : "response";
  if (const auto* const hex = line.if_contains(key + "_hex")) {
    return from_hex(hex->as_string());
  }
  const auto* const elided = line.if_contains(key + "_elided");
  return elided != nullptr ? rebuild(name, which, elided->as_object()) : bytes{};
}

/// Nothing, if of any answer the events were counted and no more.
std::vector<boost::json::object> read_answers(const boost::json::object& line)
{
  const auto* const decoded = line.if_contains("decoded");
  if (decoded == nullptr || decoded->is_null()) {
    return {};
  }
  const auto list = decoded->is_array() ? decoded->as_array() : boost::json::array{*decoded};
  std::vector<boost::json::object> answers;
  for (const auto& answer : list) {
    const auto* const events = answer.as_object().if_contains("events");
    if (events != nullptr && !events->is_array()) {
      return {};
    }
    answers.push_back(answer.as_object());
  }
  return answers;
}

transcript read(const boost::json::object& line)
{
  const std::string name{line.at("name").as_string()};
  return {.name = name,
          .transport = std::string{line.at("transport").as_string()},
          .outcome = std::string{line.at("outcome").as_string()},
          .request = read_bytes(line, name, direction::request),
          .response = read_bytes(line, name, direction::response),
          .decoded = read_answers(line),
          .line = line};
}

} // namespace

const std::vector<transcript>& transcripts()
{
  static const auto all = [] {
    std::vector<transcript> read_ones;
    for (const auto& line : read_lines("transcripts.jsonl")) {
      read_ones.push_back(read(line));
    }
    return read_ones;
  }();
  return all;
}

const transcript& transcript_named(const std::string& name)
{
  const auto found = std::ranges::find(transcripts(), name, &transcript::name);
  if (found == transcripts().end()) {
    throw std::runtime_error{"no record is called " + name};
  }
  return *found;
}

std::vector<std::span<const std::byte>> bodies_of(std::span<const std::byte> frames)
{
  constexpr std::size_t prefix = 4;
  std::vector<std::span<const std::byte>> bodies;
  while (frames.size() >= prefix) {
    std::size_t length = 0;
    for (const auto b : frames.first(prefix)) {
      length = length << 8 | std::to_integer<std::size_t>(b);
    }
    if (length > frames.size() - prefix) {
      break;
    }
    bodies.push_back(frames.subspan(prefix, length));
    frames = frames.subspan(prefix + length);
  }
  return bodies;
}

} // namespace riemann::golden
