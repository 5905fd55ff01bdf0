package io.sluice.management;

import io.sluice.backstore.BackstoreOption;
import java.util.List;

/**
 * A kind of backstore that an installed bundle offers.
 *
 * @param type its name
 * @param description one line for users
 * @param options the settings that it understands
 */
public record BackstoreTypeStatus(String type, String description, List<BackstoreOption> options) {}
