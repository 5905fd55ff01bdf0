package io.sluice.bench.layers;

import java.nio.ByteBuffer;
import java.util.zip.CRC32C;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** The CRC32C of a header and of data segments, in direct memory as the transport has them. */
@State(Scope.Thread)
public class DigestBenchmark extends LayerBenchmark {

    /** Bytes of the segment. */
    @Param({"48", "4096", "262144"})
    public int bytes;

    private final CRC32C crc = new CRC32C();
    private ByteBuffer segment;

    /** Makes the segment. */
    @Setup(Level.Trial)
    public void setUp() {
        segment = ByteBuffer.allocateDirect(bytes);
    }

    /** Computes one digest. */
    @Benchmark
    public long crc32c() {
        crc.reset();
        crc.update(segment.clear());
        return crc.getValue();
    }
}
