#ifndef RIEMANN_NET_OPERATIONS_BY_ID_HPP
#define RIEMANN_NET_OPERATIONS_BY_ID_HPP

#include <riemann/detail/implementation.hpp>

#include <boost/intrusive/set.hpp>

namespace riemann::inline v0::net {

/// By which an operation, its `id_link`, is among those that may be cancelled by name.
using id_hook = boost::intrusive::set_member_hook<boost::intrusive::optimize_size<true>>;

template <class Operation>
struct operation_id_of {
  using type = detail::operation_id;
  type operator()(const Operation& o) const noexcept { return o.id; }
};

/// Found by their `id`. It owns nothing.
template <class Operation>
using operations_by_id =
    boost::intrusive::set<Operation, boost::intrusive::key_of_value<operation_id_of<Operation>>,
                          boost::intrusive::member_hook<Operation, id_hook, &Operation::id_link>>;

} // namespace riemann::inline v0::net

#endif
