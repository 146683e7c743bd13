// The name that datagrams go to, looked up again.

#include "client/attempts.hpp"
#include "client/hybrid_implementation.hpp"

#include <boost/asio/error.hpp>

#include <algorithm>
#include <new>
#include <string>
#include <utility>

namespace riemann::inline v0::clients {

using boost::system::error_code;

/// In passing: what is sent meanwhile goes where it went before. So no timer keeps the
/// context running, and a transport that sends nothing asks nothing.
void hybrid_implementation::look_up_if_due(clock::time_point now) noexcept
{
  if (now < look_up_due_ || !resolver_ || looking_up_ || replacement_ || over()) {
    return;
  }
  look_up_due_ = now + options_.resolve_interval;
  try {
    resolver_->async_resolve(options_.udp.host, std::to_string(options_.udp.port),
                             boost::asio::ip::resolver_base::numeric_service,
                             [this, weak = weak_from_this()](auto error, const auto& found) {
                               if (const auto self = weak.lock()) {
                                 on_found(error, found);
                               }
                             });
    looking_up_ = true;
  } catch (...) { // NOLINT(bugprone-empty-catch): no memory, no thread: another time
  }
}

void hybrid_implementation::on_found(error_code error, const resolver_type::results_type& found)
{
  const std::scoped_lock lock{mutex_};
  looking_up_ = false;
  look_up_due_ = clock::now() + options_.resolve_interval;
  // One that is not open looks the name up itself when it is opened.
  const auto current = inside_.address_of(*datagrams_);
  if (error || over() || !current) {
    return;
  }
  const bool still_there =
      std::ranges::any_of(found, [&](const auto& entry) { return entry.endpoint() == *current; });
  if (!still_there) {
    open_replacement();
  }
}

void hybrid_implementation::open_replacement() noexcept
{
  try {
    replacement_ = inside_.make_datagrams(own_);
    const auto on_end = [this, weak = weak_from_this(), turn = ++replacements_](error_code error) {
      if (const auto self = weak.lock()) {
        on_replacement(error, turn);
      }
    };
    replacement_->connect({on_end, own_}, 0);
  } catch (...) { // NOLINT(bugprone-empty-catch): no memory: another time
    drop_replacement();
  }
}

void hybrid_implementation::drop_replacement() noexcept
{
  if (replacement_) {
    replacement_->close();
    add_connections(past_, replacement_->statistics());
    replacement_.reset();
  }
}

void hybrid_implementation::on_replacement(error_code error, unsigned turn)
{
  const std::scoped_lock lock{mutex_};
  if (!replacement_ || turn != replacements_ || over()) {
    return;
  }
  if (error || !retire()) {
    return drop_replacement();
  }
  datagrams_ = std::move(replacement_);
  datagrams_at_ = datagrams_at_ == last_place ? stream + 1 : datagrams_at_ + 1;
}

/// Has the one in use drained. Without memory for that it stays in use.
bool hybrid_implementation::retire() noexcept
{
  const auto on_end = [this, weak = weak_from_this(), which = datagrams_.get()](error_code) {
    if (const auto self = weak.lock()) {
      on_retired(which);
    }
  };
  try {
    retired_.reserve(retired_.size() + 1);
    datagrams_->disconnect(options_.udp.write_timeout, {on_end, own_}, 0);
  } catch (const std::bad_alloc&) {
    return false;
  }
  retired_.push_back(datagrams_);
  return true;
}

void hybrid_implementation::on_retired(const detail::implementation* which)
{
  const std::scoped_lock lock{mutex_};
  const auto found = std::ranges::find(retired_, which, [](const auto& r) { return r.get(); });
  if (found != retired_.end()) {
    (*found)->close();
    add_connections(past_, (*found)->statistics());
    retired_.erase(found);
  }
}

} // namespace riemann::inline v0::clients
