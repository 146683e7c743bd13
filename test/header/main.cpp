// That it links is the test.
int all_included_first();
int all_included_second();

int main()
{
  return all_included_first() == 1 && all_included_second() == 1 ? 0 : 1;
}
