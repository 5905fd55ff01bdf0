package io.sluice.config;

/**
 * A logical unit as some initiators see it.
 *
 * @param lun the number that they see, 0 to 16,383
 * @param of the number that it has in the target
 * @param readOnly whether they may only read it
 */
public record LunView(int lun, int of, boolean readOnly) {

    public LunView {
        if (lun < 0 || lun > LunConfig.MAX_LUN || of < 0 || of > LunConfig.MAX_LUN) {
            throw new IllegalArgumentException("LUN " + lun + " of " + of + " is not from 0 to 16383");
        }
    }
}
