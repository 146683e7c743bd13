// refused: deleted|no matching|implicitly deleted
#include <riemann/tcp_transport.hpp>

#include <boost/asio/io_context.hpp>

#include <utility>

void f(boost::asio::io_context& context)
{
  riemann::tcp_transport one{context};
#ifdef MISTAKE
  riemann::tcp_transport two{one};
#else
  riemann::tcp_transport two{std::move(one)};
#endif
}
