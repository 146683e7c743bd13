#include <riemann/failure.hpp>

#include <boost/throw_exception.hpp>

#include <string>

namespace riemann::inline v0 {

void throw_exception_from_error(const failure& f, const boost::source_location& where)
{
  if (f.code == errc::rejected) {
    boost::throw_exception(server_error{std::string{f.text()}}, where);
  }
  const std::string text{f.text()};
  boost::throw_exception(text.empty() ? boost::system::system_error{f.code}
                                      : boost::system::system_error{f.code, text},
                         where);
}

std::exception_ptr to_exception(const failure& f)
{
  if (f.code == errc::rejected) {
    return std::make_exception_ptr(server_error{std::string{f.text()}});
  }
  const std::string text{f.text()};
  return std::make_exception_ptr(text.empty() ? boost::system::system_error{f.code}
                                              : boost::system::system_error{f.code, text});
}

} // namespace riemann::inline v0
