#include "cli/report.hpp"

#include "cli/text.hpp"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

namespace riemann::cli {

namespace {

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

class round_writer {
public:
  round_writer(const sample& before, const sample& now, const report_settings& settings)
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
    add_temperatures();
    add_rest();
    return std::move(events_);
  }

private:
  void add(std::string service, metric value, std::string description);
  void add_rate(const std::string& service, std::uint64_t before, std::uint64_t now,
                std::string_view unit);
  void add_processors();
  void add_load();
  void add_memory();
  void add_filesystems();
  void add_disks();
  void add_disk(const disk_counters& before, const disk_counters& now);
  void add_network();
  void add_temperatures();
  void add_traffic(const std::string& name, const traffic_counters& before,
                   const traffic_counters& now);
  void add_rest();

  const sample& before_;
  const sample& now_;
  const report_settings& settings_;
  double seconds_;
  std::vector<event> events_{};
};

void round_writer::add(std::string service, metric value, std::string description)
{
  event e;
  e.state = to_string(settings_.limits.judge(service, value.as_double()));
  e.service = std::move(service);
  e.metric = value;
  e.time = settings_.time;
  e.description = std::move(description);
  events_.push_back(std::move(e));
}

void round_writer::add_rate(const std::string& service, std::uint64_t before, std::uint64_t now,
                            std::string_view unit)
{
  if (seconds_ <= 0 || now < before) {
    return;
  }
  const double rate = static_cast<double>(now - before) / seconds_;
  add(service, rate, fixed(rate, 1).append(" ").append(unit).append(" a second"));
}

void round_writer::add_processors()
{
  if (!before_.processors || !now_.processors) {
    return;
  }
  const cpu_times spent = spent_between(before_.processors->times, now_.processors->times);
  const std::uint64_t busy =
      spent.user + spent.nice + spent.system + spent.irq + spent.softirq + spent.steal;
  const std::uint64_t total = busy + spent.idle + spent.iowait;
  if (total == 0) {
    return;
  }
  add("cpu", ratio(busy, total), percent(ratio(busy, total)) + " of processor time at work");
  const std::array<std::pair<const char*, std::uint64_t>, 8> parts{{
      {"user", spent.user},
      {"nice", spent.nice},
      {"system", spent.system},
      {"idle", spent.idle},
      {"iowait", spent.iowait},
      {"irq", spent.irq},
      {"softirq", spent.softirq},
      {"steal", spent.steal},
  }};
  for (const auto& [name, ticks] : parts) {
    add(std::string{"cpu "} + name, ratio(ticks, total),
        percent(ratio(ticks, total)) + " of processor time: " + name);
  }
}

void round_writer::add_load()
{
  if (!now_.load) {
    return;
  }
  if (now_.processors && now_.processors->processors > 0) {
    const double per_processor = now_.load->one / now_.processors->processors;
    add("load", per_processor,
        "1-minute load average per processor, of " + std::to_string(now_.processors->processors));
  }
  add("load 1", now_.load->one, "1-minute load average");
  add("load 5", now_.load->five, "5-minute load average");
  add("load 15", now_.load->fifteen, "15-minute load average");
}

void round_writer::add_memory()
{
  if (!now_.memory) {
    return;
  }
  const memory_figures& memory = *now_.memory;
  const std::uint64_t used = memory.total - memory.available;
  add("memory", ratio(used, memory.total), gib(used) + " of " + gib(memory.total) + " used");
  add("memory available", memory.available, gib(memory.available) + " available");
  if (memory.swap_total > 0) {
    const std::uint64_t swapped = memory.swap_total - memory.swap_free;
    add("swap", ratio(swapped, memory.swap_total),
        gib(swapped) + " of " + gib(memory.swap_total) + " used");
  }
}

void round_writer::add_filesystems()
{
  for (const filesystem_usage& one : now_.filesystems) {
    const std::uint64_t whole = one.used + one.available;
    const std::string name = "disk " + one.mount_point;
    add(name, ratio(one.used, whole), gib(one.used) + " of " + gib(whole) + " used");
    if (one.inodes > 0) {
      add(name + " inodes", ratio(one.inodes_used, one.inodes),
          std::to_string(one.inodes_used) + " of " + std::to_string(one.inodes) + " inodes used");
    }
  }
}

void round_writer::add_disks()
{
  for (const disk_counters& now : now_.disks) {
    if (const auto* before = find_named(before_.disks, now.name)) {
      add_disk(*before, now);
    }
  }
}

void round_writer::add_disk(const disk_counters& before, const disk_counters& now)
{
  const std::string name = "io " + now.name;
  add_rate(name + " reads", before.reads, now.reads, "reads");
  add_rate(name + " read bytes", before.read_bytes, now.read_bytes, "bytes read");
  add_rate(name + " writes", before.writes, now.writes, "writes");
  add_rate(name + " written bytes", before.written_bytes, now.written_bytes, "bytes written");
  if (seconds_ > 0 && now.busy_ms >= before.busy_ms) {
    const double busy = static_cast<double>(now.busy_ms - before.busy_ms) / 1'000 / seconds_;
    const double fraction = std::min(busy, 1.0); // the two clocks differ a little
    add(name + " busy", fraction, percent(fraction) + " of the time busy");
  }
}

void round_writer::add_network()
{
  for (const interface_counters& now : now_.interfaces) {
    if (const auto* before = find_named(before_.interfaces, now.name)) {
      add_traffic("network " + now.name + " rx ", before->received, now.received);
      add_traffic("network " + now.name + " tx ", before->sent, now.sent);
    }
  }
}

void round_writer::add_traffic(const std::string& name, const traffic_counters& before,
                               const traffic_counters& now)
{
  add_rate(name + "bytes", before.bytes, now.bytes, "bytes");
  add_rate(name + "packets", before.packets, now.packets, "packets");
  add_rate(name + "errors", before.errors, now.errors, "errors");
  add_rate(name + "drops", before.drops, now.drops, "drops");
}

void round_writer::add_temperatures()
{
  for (const temperature& one : now_.temperatures) {
    add("temperature " + one.name, one.celsius, fixed(one.celsius, 1) + " degrees Celsius");
  }
}

void round_writer::add_rest()
{
  if (now_.uptime) {
    add("uptime", *now_.uptime, fixed(*now_.uptime / 86'400, 1) + " days up");
  }
  if (now_.processes) {
    add("processes", *now_.processes, std::to_string(*now_.processes) + " processes");
  }
  if (now_.processors && now_.processors->running) {
    add("processes running", *now_.processors->running, "threads that run, or could");
  }
  if (now_.processors && now_.processors->blocked) {
    add("processes blocked", *now_.processors->blocked, "threads that wait for a disk");
  }
}

} // namespace

std::vector<event> report(const sample& before, const sample& now, const report_settings& settings)
{
  return round_writer{before, now, settings}.finish();
}

} // namespace riemann::cli
