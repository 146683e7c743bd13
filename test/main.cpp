// The main of a test program; the build names the module, and compiles this
// apart, since the precompiled header includes Boost.Test without it.
#include <boost/test/unit_test.hpp>
