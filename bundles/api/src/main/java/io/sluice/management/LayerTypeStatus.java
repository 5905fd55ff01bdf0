package io.sluice.management;

import io.sluice.backstore.BackstoreOption;
import java.util.List;

/**
 * A kind of layer that can be used now.
 *
 * @param type its name
 * @param description one line for users
 * @param options the settings that it understands
 * @param keepsBlocks whether the blocks are the same without it
 */
public record LayerTypeStatus(String type, String description, List<BackstoreOption> options, boolean keepsBlocks) {}
