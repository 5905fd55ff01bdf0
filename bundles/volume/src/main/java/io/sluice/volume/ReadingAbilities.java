package io.sluice.volume;

import io.sluice.backstore.ability.AllocatedSpace;
import io.sluice.backstore.ability.Backlog;
import io.sluice.backstore.ability.ExtentMap;
import io.sluice.backstore.ability.FreeSpace;
import io.sluice.backstore.ability.LentRead;
import io.sluice.backstore.ability.Placement;
import io.sluice.backstore.ability.SuppliedRead;
import java.util.Set;

/** Abilities of a store that change nothing of what is stored. One that is not known here may. */
public final class ReadingAbilities {

    private static final Set<Class<?>> KINDS = Set.of(
            AllocatedSpace.class,
            Backlog.class,
            ExtentMap.class,
            FreeSpace.class,
            LentRead.class,
            Placement.class,
            SuppliedRead.class);

    private ReadingAbilities() {}

    /** Returns whether an ability is one of them. */
    public static boolean contains(Class<?> kind) {
        return KINDS.contains(kind);
    }
}
