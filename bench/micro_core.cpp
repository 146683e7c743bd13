// The core on its own, with no socket and no clock: answers cut out of a stream, and
// requests on their way through the pipeline.
#include "core/frame_reader.hpp"
#include "core/pipeline.hpp"
#include "usual_event.hpp"

#include <array>
#include <benchmark/benchmark.h>
#include <cstring>
#include <deque>

namespace {

namespace core = riemann::core;

constexpr std::array<std::byte, 2> ack{std::byte{0x10}, std::byte{0x01}};

/// Acknowledgements as they come off a socket, a bufferful at a time.
void read_frames(benchmark::State& state)
{
  constexpr std::array<std::byte, 6> frame{std::byte{0}, std::byte{0}, std::byte{0},
                                           std::byte{2}, ack[0],       ack[1]};
  core::frame_reader reader{std::size_t{64} << 20};
  std::int64_t frames = 0;
  for (auto _ : state) {
    const auto room = reader.prepare();
    const std::size_t whole = room.size() / frame.size();
    for (std::size_t i = 0; i != whole; ++i) {
      std::memcpy(room.data() + i * frame.size(), frame.data(), frame.size());
    }
    reader.commit(whole * frame.size());
    for (auto body = reader.next(); body.data() != nullptr; body = reader.next()) {
      benchmark::DoNotOptimize(body.data());
      ++frames;
    }
  }
  state.SetItemsProcessed(frames);
}
BENCHMARK(read_frames);

/// Queued, staged, written and answered, a window at a time.
void pass_through_pipeline(benchmark::State& state)
{
  const auto window = static_cast<std::size_t>(state.range(0));
  riemann::session_options options;
  options.max_in_flight = window;
  options.max_in_flight_bytes = window * 1'000;
  core::ledger books;
  core::pipeline line{options, books};
  std::deque<core::request> requests;
  const core::time_point now{};
  for (std::size_t i = 0; i != window; ++i) {
    requests.emplace_back(riemann::message{bench::usual_event()});
  }
  for (auto _ : state) {
    for (auto& r : requests) {
      books.submitted(r);
      line.enqueue(r, now);
    }
    for (line.stage(); line.has_pending(); line.stage()) {
      benchmark::DoNotOptimize(line.wrote(line.pending().size(), {}, now));
    }
    for (std::size_t i = 0; i != window; ++i) {
      benchmark::DoNotOptimize(line.answer(ack, now));
    }
    line.take_ended().clear();
  }
  state.SetItemsProcessed(state.iterations() * state.range(0));
}
BENCHMARK(pass_through_pipeline)->Arg(1)->Arg(1'000);

} // namespace
