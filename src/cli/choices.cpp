#include "cli/choices.hpp"

#include "cli/failure.hpp"

#include <array>
#include <cstddef>
#include <string>
#include <string_view>

namespace riemann::cli {

namespace {

template <class T>
struct choice {
  std::string_view name;
  T value;
};

template <class T, std::size_t N>
T choose(const given& value, const std::array<choice<T>, N>& choices)
{
  std::string names;
  for (std::size_t i = 0; i != N; ++i) {
    if (value.text == choices[i].name) {
      return choices[i].value;
    }
    names.append(i == 0 ? "" : i + 1 == N ? " or " : ", ").append(choices[i].name);
  }
  throw failure{exit_code::usage,
                value.source + " '" + value.text + "' is not offered; give " + names};
}

} // namespace

transport_kind parse_transport(const given& value)
{
  return choose<transport_kind, 4>(value, {{{"tcp", transport_kind::tcp},
                                            {"tls", transport_kind::tls},
                                            {"udp", transport_kind::udp},
                                            {"none", transport_kind::none}}});
}

tls_version parse_tls_version(const given& value)
{
  return choose<tls_version, 2>(value,
                                {{{"1.2", tls_version::tls_1_2}, {"1.3", tls_version::tls_1_3}}});
}

output_format parse_output_format(const given& value)
{
  return choose<output_format, 4>(value, {{{"json", output_format::json},
                                           {"ndjson", output_format::ndjson},
                                           {"table", output_format::table},
                                           {"csv", output_format::csv}}});
}

input_format parse_input_format(const given& value)
{
  return choose<input_format, 3>(value, {{{"ndjson", input_format::ndjson},
                                          {"csv", input_format::csv},
                                          {"metrics", input_format::metrics}}});
}

metric_kind parse_metric_kind(const given& value)
{
  return choose<metric_kind, 4>(value, {{{"auto", metric_kind::as_written},
                                         {"int", metric_kind::int64},
                                         {"double", metric_kind::float64},
                                         {"float", metric_kind::float32}}});
}

} // namespace riemann::cli
