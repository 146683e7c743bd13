#include "cli/bench_table.hpp"

#include "cli/text.hpp"

#include <array>
#include <cmath>
#include <string_view>
#include <utility>

namespace riemann::cli {

namespace {

using seconds = std::chrono::duration<double>;

void add(tally& to, const tally& more)
{
  for (const auto member :
       {&tally::submitted, &tally::acked, &tally::sent, &tally::rejected, &tally::not_sent,
        &tally::unknown, &tally::waiting, &tally::queued, &tally::staged, &tally::in_flight}) {
    to.*member += more.*member;
  }
}

/// With the thousands apart: 1,234,567.
std::string grouped(std::uint64_t number)
{
  std::string digits = std::to_string(number);
  for (std::size_t i = digits.size(); i > 3; i -= 3) {
    digits.insert(i - 3, 1, ',');
  }
  return digits;
}

std::string rate(std::uint64_t events, seconds time)
{
  const double a_second = time.count() > 0 ? static_cast<double>(events) / time.count() : 0;
  return grouped(static_cast<std::uint64_t>(std::llround(a_second))) + " events/s";
}

std::string counted(std::uint64_t number, std::string_view what)
{
  return grouped(number).append(" ").append(what).append(number == 1 ? "" : "s");
}

bool has_server(const bench_settings& settings)
{
  return settings.server.transport != transport_kind::none;
}

std::string outcomes(const bench_settings& settings, const tally& t)
{
  // Where there is no server nobody has acknowledged anything.
  const char* const good = has_server(settings) ? "acked" : "encoded";
  const std::array<std::pair<const char*, std::uint64_t>, 5> all{{{good, t.acked},
                                                                  {"sent", t.sent},
                                                                  {"rejected", t.rejected},
                                                                  {"not_sent", t.not_sent},
                                                                  {"unknown", t.unknown}}};
  std::string text;
  for (const auto& [name, number] : all) {
    text += (text.empty() ? "" : "  ") + std::string{name} + ' ' + grouped(number);
  }
  return text;
}

std::string shown(std::chrono::steady_clock::duration d)
{
  const double us = std::chrono::duration<double, std::micro>{d}.count();
  return us < 1'000       ? fixed(us, 0) + " us"
         : us < 1'000'000 ? fixed(us / 1'000, 2) + " ms"
                          : fixed(us / 1'000'000, 2) + " s";
}

std::string latencies(const duration_histogram& times)
{
  if (times.count() == 0) {
    return "nothing was answered";
  }
  std::string text;
  for (const auto& [name, q] : {std::pair{"p50 ", 0.5}, {"p95 ", 0.95}, {"p99 ", 0.99}}) {
    text += name + shown(times.quantile(q)) + "  ";
  }
  return text + "max " + shown(times.largest());
}

std::string mib(std::uint64_t bytes)
{
  return fixed(static_cast<double>(bytes) / (1024.0 * 1024.0), 1) + " MiB";
}

std::string cpu_text(seconds cpu, seconds time, std::uint64_t events)
{
  std::string text = fixed(cpu.count(), 2) + " s";
  if (time.count() > 0) {
    text += ", " + fixed(100 * cpu.count() / time.count(), 0) + " % of a core";
  }
  if (events > 0) {
    text += ", " + fixed(cpu.count() * 1e9 / static_cast<double>(events), 0) + " ns an event";
  }
  return text;
}

} // namespace

bench_figures& bench_figures::operator+=(const statistics& more)
{
  add(messages, more.messages);
  add(events, more.events);
  bytes_written += more.bytes_written;
  bytes_read += more.bytes_read;
  round_trips += more.round_trips;
  return *this;
}

std::string bench_progress(const bench_settings& settings, const bench_figures& so_far,
                           std::uint64_t events, std::chrono::duration<double> time)
{
  const std::uint64_t lost =
      so_far.events.rejected + so_far.events.not_sent + so_far.events.unknown;
  return rate(events, time) + "  " + grouped(so_far.delivered()) +
         (has_server(settings) ? " delivered  " : " encoded  ") + grouped(lost) + " failed  " +
         grouped(so_far.messages.live()) + " messages outstanding";
}

std::string bench_table(const bench_settings& settings, const bench_figures& all,
                        std::chrono::duration<double> time, std::chrono::duration<double> cpu)
{
  const auto& s = settings;
  return "load      " + counted(s.connections, "connection") + ", " + counted(s.threads, "thread") +
         ", window " + grouped(s.server.window) + ", " + counted(s.batch, "event") +
         " a message\n"
         "rate      " +
         rate(all.delivered(), time) + ": " + grouped(all.delivered()) + " in " +
         fixed(time.count(), 2) +
         " s\n"
         "events    " +
         outcomes(s, all.events) +
         "\n"
         "messages  " +
         outcomes(s, all.messages) +
         "\n"
         "latency   " +
         latencies(all.round_trips) +
         "\n"
         "bytes     " +
         mib(all.bytes_written) + " written, " + mib(all.bytes_read) +
         " read\n"
         "CPU       " +
         cpu_text(cpu, time, all.events.submitted);
}

} // namespace riemann::cli
