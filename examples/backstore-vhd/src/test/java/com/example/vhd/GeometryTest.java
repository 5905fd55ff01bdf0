package com.example.vhd;

import static org.junit.Assert.assertEquals;

import org.junit.Test;

public class GeometryTest {

    private static final long MIB_SECTORS = 2048;

    private static void assertGeometry(long mebibytes, int cylinders, int heads, int sectors) {
        assertEquals(cylinders << 16 | heads << 8 | sectors, Geometry.of(mebibytes * MIB_SECTORS));
    }

    /** One of each branch of the algorithm. */
    @Test
    public void isThatOfTheSpecification() {
        assertGeometry(12, 361, 4, 17);
        assertGeometry(100, 1003, 12, 17);
        assertGeometry(200, 825, 16, 31);
        assertGeometry(256, 520, 16, 63);
        assertGeometry(1024, 2080, 16, 63);
        assertGeometry(100 << 10, 51_400, 16, 255);
        assertGeometry(1 << 20, 65_535, 16, 255);
    }
}
