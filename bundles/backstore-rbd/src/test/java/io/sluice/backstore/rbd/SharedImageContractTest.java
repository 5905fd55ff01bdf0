package io.sluice.backstore.rbd;

import java.util.HashMap;
import java.util.Map;

/** What every backstore promises, of an image that another gateway has too, and what goes with that. */
public class SharedImageContractTest extends RbdBackstoreContractTest {

    @Override
    protected Map<String, String> options() {
        Map<String, String> options = new HashMap<>(super.options());
        options.put("shared", "yes");
        return options;
    }
}
