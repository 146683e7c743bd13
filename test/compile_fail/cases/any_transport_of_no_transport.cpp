// refused: no matching|could not convert|cannot convert|no viable
#include <riemann/any_transport.hpp>
#include <riemann/udp_transport.hpp>

#include <boost/asio/io_context.hpp>

#include <utility>

riemann::any_transport f(boost::asio::io_context& context)
{
  riemann::udp_transport transport{context};
#ifdef MISTAKE
  return context;
#else
  return std::move(transport);
#endif
}
