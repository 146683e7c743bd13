#ifndef RIEMANN_NET_SHUTDOWN_SERVICE_HPP
#define RIEMANN_NET_SHUTDOWN_SERVICE_HPP

#include <boost/asio/execution_context.hpp>
#include <boost/intrusive/list.hpp>

#include <memory>
#include <mutex>

namespace riemann::inline v0::net {

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

/// Memory that operations of a context lie in: when that goes, it destroys them
/// after it has destroyed whoever they belong to.
class operation_memory {
public:
  operation_memory() = default;
  operation_memory(const operation_memory&) = delete;
  operation_memory& operator=(const operation_memory&) = delete;
  virtual ~operation_memory() = default;

private:
  friend class shutdown_service;

  std::unique_ptr<operation_memory> next_{};
};

/**
 * Tells its nodes of their context's end. A context shuts its services down in
 * the reverse order of their making: a node is made after the strands and I/O
 * objects that it has, so that it is told before their services are shut down.
 */
class shutdown_service : public boost::asio::execution_context::service {
public:
  static boost::asio::execution_context::id id;

  explicit shutdown_service(boost::asio::execution_context& context) : service{context} {}
  shutdown_service(const shutdown_service&) = delete;
  shutdown_service& operator=(const shutdown_service&) = delete;
  ~shutdown_service() override;

  void add(shutdown_node& node);
  /// Does nothing for a node that has been told.
  void remove(shutdown_node& node) noexcept;

  /// By a node that is being told: holds the memory until the context, with all
  /// its operations, is gone.
  void keep(std::unique_ptr<operation_memory> memory) noexcept;

private:
  void shutdown() override;

  std::mutex mutex_{};
  boost::intrusive::list<shutdown_node> nodes_{};
  std::unique_ptr<operation_memory> kept_{};
};

/// For nodes that have no strand and no I/O objects: theirs may be made first.
class plain_shutdown_service : public shutdown_service {
public:
  static boost::asio::execution_context::id id;

  using shutdown_service::shutdown_service;
};

} // namespace riemann::inline v0::net

#endif
