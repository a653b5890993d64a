import { View } from './values';

describe('View: all of it', () => {
  const make = () => new View();
  beforeEach(() => make());
  it('renders 1.5 rows', async () => { make().render(); });
  it.each([1, 2])(`saves %i`, function () { View.save(); });
  describe(View, () => { test.skip('nothing', { timeout: 1 }, () => {}); });
});
test(make, () => {});
it('todo');
