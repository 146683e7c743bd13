#include "cli/report.hpp"

#include "cli/text.hpp"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

namespace riemann::cli {

namespace {

constexpr threshold always_ok{2, 2}; // of a fraction

std::string percent(double fraction)
{
  return fixed(100 * fraction, 1) + " %";
}

std::string gib(std::uint64_t bytes)
{
  return fixed(static_cast<double>(bytes) / (1024.0 * 1024.0 * 1024.0), 1) + " GiB";
}

double ratio(std::uint64_t part, std::uint64_t whole)
{
  return static_cast<double>(part) / static_cast<double>(whole);
}

std::uint64_t growth(std::uint64_t before, std::uint64_t now)
{
  return now > before ? now - before : 0;
}

/// Ticks spent between two samples; idle and iowait may run backwards a little.
cpu_times spent_between(const cpu_times& before, const cpu_times& now)
{
  return {.user = growth(before.user, now.user),
          .nice = growth(before.nice, now.nice),
          .system = growth(before.system, now.system),
          .idle = growth(before.idle, now.idle),
          .iowait = growth(before.iowait, now.iowait),
          .irq = growth(before.irq, now.irq),
          .softirq = growth(before.softirq, now.softirq),
          .steal = growth(before.steal, now.steal)};
}

template <class Counters>
const Counters* find_named(const std::vector<Counters>& all, std::string_view name)
{
  const auto found = std::ranges::find(all, name, &Counters::name);
  return found == all.end() ? nullptr : &*found;
}

class reporter {
public:
  reporter(const sample& before, const sample& now, const report_settings& settings)
      : before_{before},
        now_{now},
        settings_{settings},
        seconds_{std::chrono::duration<double>{now.taken - before.taken}.count()}
  {}

  std::vector<event> finish()
  {
    add_processors();
    add_load();
    add_memory();
    add_filesystems();
    add_disks();
    add_network();
    add_rest();
    return std::move(events_);
  }

private:
  void add(std::string service, metric value, std::string state, std::string description);
  void add_measured(std::string service, double value, const threshold& limits,
                    std::string description);
  void add_rate(const std::string& service, std::uint64_t before, std::uint64_t now,
                std::string_view unit);
  void add_processors();
  void add_load();
  void add_memory();
  void add_filesystems();
  void add_disks();
  void add_disk(const disk_counters& before, const disk_counters& now);
  void add_network();
  void add_traffic(const std::string& name, const traffic_counters& before,
                   const traffic_counters& now);
  void add_rest();

  const sample& before_;
  const sample& now_;
  const report_settings& settings_;
  double seconds_;
  std::vector<event> events_{};
};

void reporter::add(std::string service, metric value, std::string state, std::string description)
{
  event e;
  e.host = settings_.host;
  e.service = std::move(service);
  e.state = std::move(state);
  e.metric = value;
  e.tags = settings_.tags;
  e.ttl = settings_.ttl;
  e.time = settings_.time;
  e.description = std::move(description);
  events_.push_back(std::move(e));
}

void reporter::add_measured(std::string service, double value, const threshold& limits,
                            std::string description)
{
  const char* state = value >= limits.critical  ? "critical"
                      : value >= limits.warning ? "warning"
                                                : "ok";
  add(std::move(service), value, state, std::move(description));
}

void reporter::add_rate(const std::string& service, std::uint64_t before, std::uint64_t now,
                        std::string_view unit)
{
  if (seconds_ <= 0 || now < before) {
    return;
  }
  const double rate = static_cast<double>(now - before) / seconds_;
  add(service, rate, "ok", fixed(rate, 1).append(" ").append(unit).append(" a second"));
}

void reporter::add_processors()
{
  if (!before_.processors || !now_.processors) {
    return;
  }
  const cpu_times spent = spent_between(before_.processors->times, now_.processors->times);
  const std::uint64_t system = spent.system + spent.irq + spent.softirq;
  const std::uint64_t busy = spent.user + spent.nice + system + spent.steal;
  const std::uint64_t total = busy + spent.idle + spent.iowait;
  if (total == 0) {
    return;
  }
  add_measured("cpu", ratio(busy, total), settings_.cpu,
               percent(ratio(busy, total)) + " of processor time at work");
  const std::array<std::pair<const char*, std::uint64_t>, 5> parts{{
      {"user", spent.user + spent.nice},
      {"system", system},
      {"iowait", spent.iowait},
      {"steal", spent.steal},
      {"idle", spent.idle},
  }};
  for (const auto& [name, ticks] : parts) {
    add_measured(std::string{"cpu "} + name, ratio(ticks, total), always_ok,
                 percent(ratio(ticks, total)) + " of processor time: " + name);
  }
}

void reporter::add_load()
{
  if (!now_.load) {
    return;
  }
  if (now_.processors && now_.processors->processors > 0) {
    const double per_processor = now_.load->one / now_.processors->processors;
    add_measured("load", per_processor, settings_.load,
                 "1-minute load average per processor, of " +
                     std::to_string(now_.processors->processors));
  }
  add("load 1", now_.load->one, "ok", "1-minute load average");
  add("load 5", now_.load->five, "ok", "5-minute load average");
  add("load 15", now_.load->fifteen, "ok", "15-minute load average");
}

void reporter::add_memory()
{
  if (!now_.memory) {
    return;
  }
  const memory_figures& memory = *now_.memory;
  const std::uint64_t used = memory.total - memory.available;
  add_measured("memory", ratio(used, memory.total), settings_.memory,
               gib(used) + " of " + gib(memory.total) + " used");
  if (memory.swap_total > 0) {
    const std::uint64_t swapped = memory.swap_total - memory.swap_free;
    add_measured("swap", ratio(swapped, memory.swap_total), always_ok,
                 gib(swapped) + " of " + gib(memory.swap_total) + " used");
  }
}

void reporter::add_filesystems()
{
  for (const filesystem_usage& one : now_.filesystems) {
    const std::uint64_t whole = one.used + one.available;
    add_measured("disk " + one.mount_point, ratio(one.used, whole), settings_.disk,
                 gib(one.used) + " of " + gib(whole) + " used");
  }
}

void reporter::add_disks()
{
  for (const disk_counters& now : now_.disks) {
    if (const auto* before = find_named(before_.disks, now.name)) {
      add_disk(*before, now);
    }
  }
}

void reporter::add_disk(const disk_counters& before, const disk_counters& now)
{
  const std::string name = "io " + now.name;
  add_rate(name + " reads", before.reads, now.reads, "reads");
  add_rate(name + " read bytes", before.read_bytes, now.read_bytes, "bytes read");
  add_rate(name + " writes", before.writes, now.writes, "writes");
  add_rate(name + " written bytes", before.written_bytes, now.written_bytes, "bytes written");
  if (seconds_ > 0 && now.busy_ms >= before.busy_ms) {
    const double busy = static_cast<double>(now.busy_ms - before.busy_ms) / 1'000 / seconds_;
    const double fraction = std::min(busy, 1.0); // the two clocks differ a little
    add_measured(name + " busy", fraction, always_ok, percent(fraction) + " of the time busy");
  }
}

void reporter::add_network()
{
  for (const interface_counters& now : now_.interfaces) {
    if (const auto* before = find_named(before_.interfaces, now.name)) {
      add_traffic("network " + now.name + " rx ", before->received, now.received);
      add_traffic("network " + now.name + " tx ", before->sent, now.sent);
    }
  }
}

void reporter::add_traffic(const std::string& name, const traffic_counters& before,
                           const traffic_counters& now)
{
  add_rate(name + "bytes", before.bytes, now.bytes, "bytes");
  add_rate(name + "packets", before.packets, now.packets, "packets");
  add_rate(name + "errors", before.errors, now.errors, "errors");
  add_rate(name + "drops", before.drops, now.drops, "drops");
}

void reporter::add_rest()
{
  if (now_.uptime) {
    add("uptime", *now_.uptime, "ok", fixed(*now_.uptime / 86'400, 1) + " days up");
  }
  if (now_.processes) {
    add("processes", *now_.processes, "ok", std::to_string(*now_.processes) + " processes");
  }
}

} // namespace

std::vector<event> report(const sample& before, const sample& now, const report_settings& settings)
{
  return reporter{before, now, settings}.finish();
}

} // namespace riemann::cli
