#ifndef CONSUMER_CHECK_HPP
#define CONSUMER_CHECK_HPP

#include <iostream>

inline int passed = 0;
inline int failed = 0;

inline void check(const char* what, bool good)
{
  ++(good ? passed : failed);
  if (!good) {
    std::cout << "FAILED " << what << '\n';
  }
}

/// Whether it throws an `Exception`. Whatever else it throws ends the program.
template <class Exception, class Function>
bool throws(Function function)
{
  try {
    function();
  } catch (const Exception&) {
    return true;
  }
  return false;
}

/// What main() is to return.
inline int told()
{
  std::cout << passed << " passed, " << failed << " failed\n";
  return failed == 0 && passed != 0 ? 0 : 1;
}

#endif
