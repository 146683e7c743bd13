#ifndef RIEMANN_NET_SHUTDOWN_SERVICE_HPP
#define RIEMANN_NET_SHUTDOWN_SERVICE_HPP

#include <boost/asio/execution_context.hpp>
#include <boost/intrusive/list.hpp>

#include <mutex>

namespace riemann::net {

/// Something that holds handlers and I/O objects of an execution context and may
/// outlive it.
class shutdown_node : public boost::intrusive::list_base_hook<
                          boost::intrusive::link_mode<boost::intrusive::safe_link>> {
public:
  shutdown_node() = default;
  shutdown_node(const shutdown_node&) = delete;
  shutdown_node& operator=(const shutdown_node&) = delete;

  /// The context is going: destroy, while it still lives, every handler, I/O
  /// object, strand and executor held. Nothing else is called afterwards.
  virtual void on_context_shutdown() noexcept = 0;

protected:
  ~shutdown_node() = default;
};

/// Tells its nodes of their context's end.
class shutdown_service : public boost::asio::execution_context::service {
public:
  static boost::asio::execution_context::id id;

  explicit shutdown_service(boost::asio::execution_context& context) : service{context} {}

  void add(shutdown_node& node);
  /// Does nothing for a node that has been told.
  void remove(shutdown_node& node) noexcept;

private:
  void shutdown() override;

  std::mutex mutex_{};
  boost::intrusive::list<shutdown_node> nodes_{};
};

} // namespace riemann::net

#endif
