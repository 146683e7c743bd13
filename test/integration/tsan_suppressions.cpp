// What ThreadSanitizer does not understand. It calls this; nobody does in other builds.

// Asio counts the owners of an erased executor with a release decrement and an
// acquire fence, and the sanitizer does not model fences. The owners of an exception
// are counted within libstdc++, which is not instrumented. OpenSSL notes in a
// certificate of a shared context what its extensions say: once, under a lock, and
// readers pass by that lock when an atomic flag says it is done; libcrypto is not
// instrumented either, so of all this the sanitizer sees the comparison alone.
// NOLINTNEXTLINE(bugprone-reserved-identifier): the sanitizer's own name
extern "C" const char* __tsan_default_suppressions();
// NOLINTNEXTLINE(bugprone-reserved-identifier): as above
extern "C" const char* __tsan_default_suppressions()
{
  return "race:boost::asio::execution::detail::shared_target_executor::~shared_target_executor\n"
         "race:std::__exception_ptr::exception_ptr::_M_release\n"
         "race:ASN1_STRING_cmp\n";
}
