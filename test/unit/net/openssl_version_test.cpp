#include "net/tls_setup.hpp"

#include <boost/test/unit_test.hpp>

namespace {

using riemann::net::frees_buffers_safely;

BOOST_AUTO_TEST_SUITE(net_openssl_version)

// The first of each branch that is mended: OpenSSL's changelog, of CVE-2024-4741.
BOOST_AUTO_TEST_CASE(buffers_when_openssl_is_not_mended_then_are_kept)
{
  for (const unsigned long version :
       {0x30000000UL, 0x300000d0UL, 0x30100050UL, 0x30200010UL, 0x30300000UL, 0x1010118fUL}) {
    BOOST_TEST(!frees_buffers_safely(version), version);
  }
}

BOOST_AUTO_TEST_CASE(buffers_when_openssl_is_mended_then_are_freed)
{
  for (const unsigned long version : {0x300000e0UL, 0x30000160UL, 0x30100060UL, 0x30200020UL,
                                      0x30300010UL, 0x30400000UL, 0x30500000UL, 0x40000000UL}) {
    BOOST_TEST(frees_buffers_safely(version), version);
  }
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace
