#ifndef RIEMANN_TESTKIT_CONTEXT_WATCH_HPP
#define RIEMANN_TESTKIT_CONTEXT_WATCH_HPP

#include <boost/asio/execution_context.hpp>

#include <memory>
#include <mutex>
#include <vector>

namespace riemann::inline v0::testkit::detail {

/// Something that holds I/O objects and may outlive their execution context.
class context_bound {
public:
  /// Destroys every I/O object and executor; called while their context dies.
  virtual void release_io() noexcept = 0;

protected:
  ~context_bound() = default;
};

/// Tells whoever is registered that the context is being destroyed, while its
/// services still live.
class context_watch : public boost::asio::execution_context::service {
public:
  using key_type = context_watch;
  static boost::asio::execution_context::id id;

  explicit context_watch(boost::asio::execution_context& context);

  void add(std::weak_ptr<context_bound> watched);

private:
  void shutdown() override;

  std::mutex mutex_{};
  std::vector<std::weak_ptr<context_bound>> watched_{};
};

} // namespace riemann::inline v0::testkit::detail

#endif
