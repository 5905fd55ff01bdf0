package io.sluice.backstore;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import org.junit.Test;

public class BlockGeometryTest {

    private static final long MAX = Long.MAX_VALUE;

    @Test
    public void containsWithstandsAnyValues() {
        BlockGeometry hundred = new BlockGeometry(100, 512);
        long[][] inside = {{0, 0}, {0, 100}, {99, 1}, {100, 0}, {50, 50}};
        long[][] outside = {
            {0, 101},
            {100, 1},
            {101, 0},
            {50, 51},
            {-1, 1},
            {1, -1},
            {MAX, 1},
            {1, MAX},
            {MAX, MAX},
            {-1, MAX},
            {Long.MIN_VALUE, 0},
            {0, Long.MIN_VALUE},
            {99, MAX - 98},
            {Long.MIN_VALUE, Long.MIN_VALUE}
        };
        for (long[] range : inside) {
            assertTrue(range[0] + "+" + range[1], hundred.contains(range[0], range[1]));
        }
        for (long[] range : outside) {
            assertFalse(range[0] + "+" + range[1], hundred.contains(range[0], range[1]));
        }
    }

    @Test
    public void largestCapacityDoesNotOverflow() {
        BlockGeometry largest = new BlockGeometry(MAX / 4096, 4096);
        assertEquals(MAX - 4095, largest.sizeBytes());
        assertEquals(MAX - 4095, largest.offsetBytes(MAX / 4096));
        assertThrows(IllegalArgumentException.class, () -> new BlockGeometry(MAX / 4096 + 1, 4096));
    }

    @Test
    public void badShapes() {
        assertThrows(IllegalArgumentException.class, () -> new BlockGeometry(0, 512));
        assertThrows(IllegalArgumentException.class, () -> new BlockGeometry(-1, 512));
        for (int size : new int[] {0, 1, 256, 513, 131_072, -512, Integer.MIN_VALUE}) {
            assertThrows(IllegalArgumentException.class, () -> new BlockGeometry(1, size));
        }
        for (int physical : new int[] {0, 512, 4097, 1 << 21, Integer.MIN_VALUE}) {
            assertThrows(IllegalArgumentException.class, () -> new BlockGeometry(1, 4096, physical));
        }
    }
}
