#include "client/report_registry.hpp"

#include <algorithm>
#include <stdexcept>

namespace riemann::inline v0::clients {

namespace {

[[noreturn]] void refuse(const std::string& sentence)
{
  throw std::invalid_argument{"riemann: " + sentence};
}

std::string quoted(const std::string& name)
{
  return '"' + name + '"';
}

void check(const named_entry& entry)
{
  if (entry.name().empty()) {
    refuse("the name of " + std::string{entry.kind()} + " is empty, but must be text");
  }
  try {
    entry.limits().validate();
  } catch (const std::invalid_argument& error) {
    throw std::invalid_argument{std::string{error.what()} + " (thresholds of " +
                                quoted(entry.name()) + ')'};
  }
}

} // namespace

void report_registry::add_callback(std::string_view name, const thresholds& limits,
                                   detail::figure_callback callback)
{
  if (!callback) {
    refuse("the callback of " + quoted(std::string{name}) + " is empty");
  }
  const auto made = std::make_shared<callback_entry>(name, limits, std::move(callback));
  const std::scoped_lock lock{mutex_};
  if (find_same(*made)) {
    refuse(quoted(made->name()) + " is a callback already, and cannot be another");
  }
  insert(made);
}

void report_registry::add_source(detail::event_callback source)
{
  if (!source) {
    refuse("a source is empty");
  }
  auto made = std::make_shared<source_entry>(std::move(source));
  const std::scoped_lock lock{mutex_};
  entries_.push_back(std::move(made));
}

bool report_registry::remove(std::string_view name)
{
  std::shared_ptr<named_entry> removed; // destroyed behind the lock
  const std::scoped_lock lock{mutex_};
  const auto found = names_.find(name);
  if (found == names_.end()) {
    return false;
  }
  removed = found->second;
  names_.erase(found);
  std::erase_if(services_, [&](const auto& service) { return service.second == removed; });
  std::erase(entries_, entry_pointer{removed});
  return true;
}

void report_registry::clear() noexcept
{
  // What a callback owns may call back into here as it goes.
  std::vector<entry_pointer> entries;
  std::map<std::string, std::shared_ptr<named_entry>, std::less<>> services;
  std::map<std::string, std::shared_ptr<named_entry>, std::less<>> names;
  const std::scoped_lock lock{mutex_};
  entries.swap(entries_);
  services.swap(services_);
  names.swap(names_);
}

std::vector<report_registry::entry_pointer> report_registry::entries() const
{
  const std::scoped_lock lock{mutex_};
  return entries_;
}

std::shared_ptr<named_entry> report_registry::find_same(const named_entry& wanted) const
{
  check(wanted);
  if (const auto found = names_.find(wanted.name()); found != names_.end()) {
    const named_entry& there = *found->second;
    if (std::string_view{there.kind()} != wanted.kind()) {
      refuse(quoted(wanted.name()) + " is " + there.kind() + " already, and cannot be " +
             wanted.kind());
    }
    if (there.limits() != wanted.limits()) {
      refuse(quoted(wanted.name()) + " has other thresholds already");
    }
    return found->second;
  }
  for (const std::string& service : wanted.services()) {
    if (const auto taken = services_.find(service); taken != services_.end()) {
      refuse(quoted(service) + " is a service of " + taken->second->kind() + " already, " +
             quoted(taken->second->name()));
    }
  }
  return nullptr;
}

void report_registry::insert(const std::shared_ptr<named_entry>& made)
{
  // All or nothing: memory may run out in between.
  try {
    for (std::string& service : made->services()) {
      services_.emplace(std::move(service), made);
    }
    names_.emplace(made->name(), made);
    entries_.push_back(made);
  } catch (...) {
    names_.erase(made->name());
    std::erase_if(services_, [&](const auto& service) { return service.second == made; });
    throw;
  }
}

} // namespace riemann::inline v0::clients
