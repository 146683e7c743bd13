#ifndef RIEMANN_NET_CANCELLABLE_SENDS_HPP
#define RIEMANN_NET_CANCELLABLE_SENDS_HPP

#include "core/request.hpp"
#include "net/operation_pool.hpp"
#include "net/operations_by_id.hpp"

#include <riemann/detail/implementation.hpp>

namespace riemann::inline v0::net {

/// Those that may be cancelled one by one, by their names. It owns nothing.
class cancellable_sends {
public:
  /// In the order of their names, mostly.
  void add(send_operation& operation)
  {
    if (operation.id != 0) {
      set_.insert(set_.end(), operation);
    }
  }

  /// They are over.
  void forget(core::request_list& ended)
  {
    if (set_.empty()) {
      return;
    }
    for (core::request& r : ended) {
      if (auto& operation = static_cast<send_operation&>(r); operation.id_link.is_linked()) {
        set_.erase(set_.iterator_to(operation));
      }
    }
  }
  void forget_all() noexcept { set_.clear(); }

  /// Null: there is none of that name.
  [[nodiscard]] send_operation* find(detail::operation_id id)
  {
    const auto found = set_.find(id);
    return found != set_.end() ? &*found : nullptr;
  }

private:
  operations_by_id<send_operation> set_{};
};

} // namespace riemann::inline v0::net

#endif
