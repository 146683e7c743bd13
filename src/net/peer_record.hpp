#ifndef RIEMANN_NET_PEER_RECORD_HPP
#define RIEMANN_NET_PEER_RECORD_HPP

#include <riemann/connection_change.hpp>

#include <boost/asio/error.hpp>
#include <boost/system/error_code.hpp>
#include <boost/system/result.hpp>

#include <memory>
#include <mutex>
#include <optional>
#include <utility>

namespace riemann::inline v0::net {

/// Whom a transport is connected to, and who observes that. From any thread.
template <class Endpoint, class NativeHandle>
class peer_record {
public:
  using shared_observer = std::shared_ptr<const connection_observer>;

  void connected(const Endpoint& address, NativeHandle handle)
  {
    const std::scoped_lock lock{mutex_};
    peer_ = peer{address, handle};
  }

  void gone()
  {
    const std::scoped_lock lock{mutex_};
    peer_.reset();
  }

  [[nodiscard]] boost::system::result<Endpoint> address() const
  {
    const std::scoped_lock lock{mutex_};
    if (!peer_) {
      return boost::system::error_code{boost::asio::error::not_connected};
    }
    return peer_->address;
  }

  [[nodiscard]] boost::system::result<NativeHandle> native_handle() const
  {
    const std::scoped_lock lock{mutex_};
    if (!peer_) {
      return boost::system::error_code{boost::asio::error::not_connected};
    }
    return peer_->handle;
  }

  /// The one before is destroyed with no lock held.
  void observe(connection_observer observer)
  {
    auto shared =
        observer ? std::make_shared<const connection_observer>(std::move(observer)) : nullptr;
    const std::scoped_lock lock{mutex_};
    observer_.swap(shared);
  }

  [[nodiscard]] shared_observer observer() const
  {
    const std::scoped_lock lock{mutex_};
    return observer_;
  }

private:
  struct peer {
    Endpoint address;
    NativeHandle handle;
  };

  mutable std::mutex mutex_{};
  std::optional<peer> peer_{};
  shared_observer observer_{};
};

} // namespace riemann::inline v0::net

#endif
