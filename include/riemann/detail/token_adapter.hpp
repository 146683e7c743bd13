#ifndef RIEMANN_DETAIL_TOKEN_ADAPTER_HPP
#define RIEMANN_DETAIL_TOKEN_ADAPTER_HPP

#include <riemann/response.hpp>

#include <boost/asio/associator.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/system/error_code.hpp>

#include <type_traits>
#include <utility>

namespace riemann::inline v0::detail {

/// A handler that takes what a send brings and hands it on as `Adapter` has it;
/// all that is associated with it is the handler's own.
template <class Adapter, class Handler>
struct adapted_handler {
  void operator()(boost::system::error_code error, response answer)
  {
    Adapter::complete(std::move(handler), error, std::move(answer));
  }

  Handler handler;
};

/// The executor that an initiation is associated with, if it is with one: some tokens ask.
template <class Initiation>
struct initiation_holder {
  Initiation initiation;
};

template <class Initiation>
  requires requires(const Initiation& i) {
    typename Initiation::executor_type;
    i.get_executor();
  }
struct initiation_holder<Initiation> {
  using executor_type = typename Initiation::executor_type;
  [[nodiscard]] executor_type get_executor() const noexcept { return initiation.get_executor(); }

  Initiation initiation;
};

/// The operation's own initiation, which wants the adapted handler.
template <class Adapter, class Initiation>
struct adapted_initiation : initiation_holder<Initiation> {
  template <class Handler, class... Args>
  void operator()(Handler&& handler, Args&&... args) &&
  {
    std::move(this->initiation)(
        adapted_handler<Adapter, std::decay_t<Handler>>{std::forward<Handler>(handler)},
        std::forward<Args>(args)...);
  }
  template <class Handler, class... Args>
  void operator()(Handler&& handler, Args&&... args) const&
  {
    this->initiation(
        adapted_handler<Adapter, std::decay_t<Handler>>{std::forward<Handler>(handler)},
        std::forward<Args>(args)...);
  }
};

/// `async_result` of an adapter round `Token`: the token is given the adapter's
/// signature. (What it returns is what the token does, which Asio's binders ask.)
template <class Adapter, class Token>
struct adapted_result : boost::asio::async_result<Token, typename Adapter::signature> {
  template <class Initiation, class Adapted, class... Args>
  static auto initiate(Initiation&& initiation, Adapted&& adapted, Args&&... args)
  {
    using wrapped = adapted_initiation<Adapter, std::decay_t<Initiation>>;
    using token =
        std::conditional_t<std::is_const_v<std::remove_reference_t<Adapted>>, const Token, Token>;
    return boost::asio::async_initiate<token, typename Adapter::signature>(
        wrapped{{std::forward<Initiation>(initiation)}}, adapted.token,
        std::forward<Args>(args)...);
  }
};

} // namespace riemann::inline v0::detail

template <template <class, class> class Associator, class Adapter, class Handler, class Default>
struct boost::asio::associator<Associator, riemann::detail::adapted_handler<Adapter, Handler>,
                               Default> : Associator<Handler, Default> {
  using adapted = riemann::detail::adapted_handler<Adapter, Handler>;

  static auto get(const adapted& h) noexcept
  {
    return Associator<Handler, Default>::get(h.handler);
  }
  static auto get(const adapted& h, const Default& d) noexcept
  {
    return Associator<Handler, Default>::get(h.handler, d);
  }
};

#endif
