#ifndef RIEMANN_TEST_INTEGRATION_GOLDEN_FIXTURE_HPP
#define RIEMANN_TEST_INTEGRATION_GOLDEN_FIXTURE_HPP

#include "tls_fixture.hpp"
#include "transcript.hpp"

#include <riemann/proto.hpp>
#include <riemann/testkit/certificate.hpp>
#include <riemann/tls_options.hpp>

#include <array>
#include <string>
#include <string_view>

namespace riemann::golden {

/// What a client showed.
enum class shown { nothing, own, strangers };

/// How the connection of a recorded exchange over TLS was.
struct tls_record {
  const char* name;
  bool mutual; ///< the server asked for a certificate
  shown certificate;
  tls_version version = tls_version::tls_1_3;
};

inline constexpr std::array tls_records{
    tls_record{"tls_mutual_client_cert", true, shown::own},
    tls_record{"tls_mutual_client_cert_tls12", true, shown::own, tls_version::tls_1_2},
    tls_record{"tls_mutual_by_ip", true, shown::own},
    tls_record{"tls_mutual_no_cert_tls13", true, shown::nothing},
    tls_record{"tls_mutual_no_cert_tls12", true, shown::nothing, tls_version::tls_1_2},
    tls_record{"tls_mutual_rogue_cert_tls13", true, shown::strangers},
    tls_record{"tls_mutual_rogue_cert_tls12", true, shown::strangers, tls_version::tls_1_2},
    tls_record{"tls_server_only_no_cert", false, shown::nothing},
    tls_record{"tls_server_only_with_cert", false, shown::own},
    tls_record{"tls_server_only_tls12", false, shown::nothing, tls_version::tls_1_2},
    tls_record{"tls_event", true, shown::own},
};

/// Of RSA, as the recorded server's was: the ciphers agreed on are of its kind.
inline const testkit::identity& recorded_identity()
{
  static const auto made = test::usual().authority.issue({.key = testkit::key_type::rsa});
  return made;
}

/// What was agreed on: version and cipher.
inline std::string agreed(const transcript& t, std::size_t which)
{
  return std::string{t.line.at("tls").as_array().at(which).as_string()};
}

/// The recorded message, as a client of ours makes it.
inline message message_of(const transcript& t)
{
  proto::Msg asked;
  const auto body = bodies_of(t.request).at(0);
  BOOST_REQUIRE(asked.ParseFromArray(body.data(), static_cast<int>(body.size())));
  return message{asked};
}

inline std::string text_of(std::span<const std::byte> data)
{
  return {reinterpret_cast<const char*>(data.data()), data.size()};
}

} // namespace riemann::golden

#endif
