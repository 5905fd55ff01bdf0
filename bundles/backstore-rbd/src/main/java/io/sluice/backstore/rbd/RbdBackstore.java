package io.sluice.backstore.rbd;

import com.sun.jna.Memory;
import com.sun.jna.Native;
import com.sun.jna.Pointer;
import io.sluice.backstore.Backstore;
import io.sluice.backstore.BackstoreContext;
import io.sluice.backstore.BackstoreEvent;
import io.sluice.backstore.BackstoreException;
import io.sluice.backstore.BackstoreHealth;
import io.sluice.backstore.BackstoreLimits;
import io.sluice.backstore.BlockGeometry;
import io.sluice.backstore.Durability;
import io.sluice.backstore.Fault;
import io.sluice.backstore.ability.AllocatedSpace;
import io.sluice.backstore.ability.Placement;
import io.sluice.backstore.ability.Resize;
import io.sluice.backstore.ability.Unmap;
import io.sluice.backstore.ability.WriteZeroes;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Blocks of an image. An operation is handed to librbd in the thread of its caller, and ends on the thread of {@link Answers}:
 * no other thread of Java has to do with it.
 *
 * <p>When somebody else takes the image, the cluster refuses all that comes from here, and the store has failed until the
 * operator opens it anew. It does not ask to be opened by itself: what waits here is older than what the new owner has written. A
 * shared image asks for it, because whoever opens that stands by first.
 */
final class RbdBackstore implements Backstore, Unmap, WriteZeroes, Resize, AllocatedSpace, Placement, Answers.Listener {

    private static final Logger LOG = LoggerFactory.getLogger(RbdBackstore.class);

    /** Nothing below is worth the object that is not given back as a whole. */
    private static final long UNMAP_GRANULARITY = 64 << 10;

    /** What one request clears: each object is a message. */
    private static final long CLEAR_BYTES = 1L << 30;

    private static final long ZERO_BYTES = 64L << 20;

    /** A flag of zeros: they take space. */
    private static final int THICK = 1;

    private static final int VECTOR_BYTES = 16;

    private final Image image;
    private final BackstoreContext context;
    private final Requests requests = new Requests();
    private final Memory completions = new Memory((long) Requests.CAPACITY * Long.BYTES);
    private final Answers answers;
    private final Closing closing;
    private final BackstoreLimits limits;
    private final boolean makesZeroes;
    private final boolean knowsSpace;

    /** What another gateway has to do with it; null if the image is of this one alone. */
    private final SharedImage shared;

    private volatile BlockGeometry geometry;
    private volatile BackstoreHealth health = BackstoreHealth.HEALTHY;

    /** Whoever uses a store that is closed has a bug, which shall not reach memory of librbd. */
    private volatile boolean closed;

    /**
     * @param geometry with any number of blocks; the image says how many there are
     * @param isShared whether another gateway has the image too: then it is not locked yet
     * @param onClosed told when nothing of the image is left
     * @throws BackstoreException if the image cannot be used; it is still open then
     */
    RbdBackstore(Image image, BlockGeometry geometry, boolean isShared, BackstoreContext context, Runnable onClosed)
            throws BackstoreException {
        this.image = image;
        this.context = context;
        this.geometry = sized(geometry, image.sizeBytes());
        this.limits = BackstoreLimits.NONE
                .withOptimalTransferBytes(image.objectBytes())
                .withUnmapGranularityBytes(UNMAP_GRANULARITY, 0);
        this.makesZeroes = Libraries.makesZeroes();
        this.knowsSpace = image.knowsItsObjects();
        this.answers = new Answers(context.name(), image, this);
        this.shared = isShared ? SharedImage.begin(image, context, this::failed, answers) : null;
        this.closing = new Closing(context.name(), image, answers, shared == null ? null : shared.notices(), onClosed);
    }

    private static BlockGeometry sized(BlockGeometry like, long bytes) {
        return new BlockGeometry(bytes / like.blockSize(), like.blockSize(), like.physicalBlockSize());
    }

    @Override
    public BlockGeometry geometry() {
        return geometry;
    }

    @Override
    public BackstoreLimits limits() {
        return limits;
    }

    @Override
    public BackstoreHealth health() {
        return health;
    }

    /** An older librbd makes no zeros, and an image without an object map would have to ask for each of its objects. */
    @Override
    public <A> A ability(Class<A> kind) {
        if (shared != null && kind.isInstance(shared)) {
            return kind.cast(shared);
        }
        if ((kind == Unmap.class || kind == WriteZeroes.class) && !makesZeroes) {
            return null;
        }
        return kind == AllocatedSpace.class && !knowsSpace ? null : Backstore.super.ability(kind);
    }

    @Override
    public String medium() {
        return "Ceph image " + image.spec();
    }

    @Override
    public String caution() {
        return "";
    }

    @Override
    public CompletionStage<Void> read(long lba, ByteBuffer destination) {
        return begin(Request.read(geometry.offsetBytes(lba), destination));
    }

    @Override
    public CompletionStage<Void> write(long lba, ByteBuffer[] source, Durability durability) {
        return begin(Request.write(geometry.offsetBytes(lba), source, durability == Durability.STABLE));
    }

    @Override
    public CompletionStage<Void> flush() {
        return begin(Request.flush());
    }

    @Override
    public CompletionStage<Void> unmap(long lba, long blocks) {
        return clear(Request.Kind.CLEAR, lba, blocks, CLEAR_BYTES, false);
    }

    @Override
    public CompletionStage<Void> writeZeroes(long lba, long blocks, Durability durability) {
        return clear(Request.Kind.ZERO, lba, blocks, ZERO_BYTES, durability == Durability.STABLE);
    }

    private CompletionStage<Void> clear(Request.Kind kind, long lba, long blocks, long most, boolean stable) {
        long offset = geometry.offsetBytes(lba);
        CompletableFuture<Void> whole = new CompletableFuture<>();
        clearFrom(kind, offset, offset + geometry.offsetBytes(blocks), most, stable, whole);
        return whole;
    }

    /** One part after the other, cut where objects begin. */
    private void clearFrom(
            Request.Kind kind, long offset, long end, long most, boolean stable, CompletableFuture<Void> whole) {
        long length = Math.min(end - offset, most - offset % most);
        boolean last = offset + length == end;
        begin(Request.zero(kind, offset, length, stable && last)).whenComplete((done, failure) -> {
            if (failure != null) {
                whole.completeExceptionally(failure);
            } else if (last) {
                whole.complete(null);
            } else {
                clearFrom(kind, offset + length, end, most, stable, whole);
            }
        });
    }

    private Request begin(Request request) {
        if (health.state() == BackstoreHealth.State.FAILED) {
            return refuse(request, Fault.NOT_READY, health.reason());
        }
        if (closed) {
            return refuse(request, Fault.NOT_READY, "image " + image.spec() + " is closed");
        }
        if (standsBy()) {
            return refuse(request, Fault.NOT_READY, standingBy());
        }
        if (!image.isWritable() && request.kind != Request.Kind.READ && request.kind != Request.Kind.FLUSH) {
            return refuse(request, Fault.WRITE_PROTECTED, "image " + image.spec() + " is open for reading alone");
        }
        int number = requests.add(request);
        if (number == Requests.NONE) {
            Fault fault = request.kind == Request.Kind.FLUSH ? Fault.NOT_READY : Fault.BUSY;
            return refuse(request, fault, "image " + image.spec() + " has too many operations under way");
        }
        long completion = completion(number);
        int result = submit(request, completion);
        if (result < 0) {
            Librbd.rbd_aio_release(completion);
            answered(number, result);
        }
        return request;
    }

    private boolean standsBy() {
        return shared != null && !shared.active();
    }

    private String standingBy() {
        return "image " + image.spec() + " is not served here: this gateway stands by";
    }

    private static Request refuse(Request request, Fault fault, String why) {
        request.completeExceptionally(new BackstoreException(fault, why));
        return request;
    }

    /** A number has a place of its own for the address, so that nothing is allocated for it. */
    private long completion(int number) {
        long place = (long) number * Long.BYTES;
        Librbd.rbd_aio_create_completion(number, 0, Pointer.nativeValue(completions) + place);
        return completions.getLong(place);
    }

    private int submit(Request request, long completion) {
        long address = image.address();
        return switch (request.kind) {
            case READ ->
                Librbd.rbd_aio_read(address, request.offset, request.length, place(request.buffers()[0]), completion);
            case WRITE -> write(request, completion);
            case FLUSH -> Librbd.rbd_aio_flush(address, completion);
            case CLEAR -> NewerLibrbd.rbd_aio_write_zeroes(address, request.offset, request.length, completion, 0, 0);
            case ZERO ->
                NewerLibrbd.rbd_aio_write_zeroes(address, request.offset, request.length, completion, THICK, 0);
        };
    }

    private int write(Request request, long completion) {
        ByteBuffer[] parts = request.buffers();
        if (parts.length == 1) {
            return Librbd.rbd_aio_write(image.address(), request.offset, request.length, place(parts[0]), completion);
        }
        try (Memory vector = new Memory((long) parts.length * VECTOR_BYTES)) {
            for (int i = 0; i < parts.length; i++) {
                vector.setLong((long) i * VECTOR_BYTES, place(parts[i]));
                vector.setLong((long) i * VECTOR_BYTES + Long.BYTES, parts[i].remaining());
            }
            return Librbd.rbd_aio_writev(
                    image.address(), Pointer.nativeValue(vector), parts.length, request.offset, completion);
        }
    }

    private static long place(ByteBuffer direct) {
        return Pointer.nativeValue(Native.getDirectBufferPointer(direct)) + direct.position();
    }

    @Override
    public void answered(int number, long result) {
        Request request = requests.remove(number);
        if (request == null) {
            LOG.error("backstore={} librbd has answered {} that nobody has asked", context.name(), number);
        } else if (result < 0) {
            fail(request, (int) -result);
        } else if (request.isRead() && result != request.length) {
            refuse(
                    request,
                    Fault.READ_FAILED,
                    "image " + image.spec() + " ends before " + request.offset + " + " + request.length);
        } else if (request.needsFlush()) {
            begin(Request.flush()).whenComplete((done, failure) -> end(request, failure));
        } else {
            request.succeed();
        }
    }

    private static void end(Request request, Throwable failure) {
        if (failure == null) {
            request.succeed();
        } else {
            request.completeExceptionally(failure);
        }
    }

    private void fail(Request request, int error) {
        failed(error);
        String what = request.isRead() ? " cannot be read: " : " cannot be written: ";
        refuse(request, Errors.fault(request.isRead(), error), "image " + image.spec() + what + Errors.text(error));
    }

    /** A call was refused; where that means that somebody else has the image, nothing more is tried. */
    private void failed(int error) {
        if (!Errors.isFenced(error)) {
            return;
        }
        String taken =
                "image " + image.spec() + " has been taken by another gateway, or the cluster has shut this one out";
        if (shared == null) {
            becomeFailed(taken + ": backstore:reopen " + context.name() + " when it may have it again");
        } else {
            shared.lose();
            becomeFailed(taken);
            context.raise(BackstoreEvent.LOST);
        }
    }

    private void becomeFailed(String reason) {
        synchronized (this) {
            if (health.state() == BackstoreHealth.State.FAILED) {
                return;
            }
            health = new BackstoreHealth(BackstoreHealth.State.FAILED, reason);
        }
        context.raise(BackstoreEvent.HEALTH_CHANGED);
    }

    @Override
    public CompletionStage<Void> resize(long blocks) {
        return context.call(() -> {
            resizeNow(blocks);
            return null;
        });
    }

    private synchronized void resizeNow(long blocks) throws BackstoreException {
        BlockGeometry wanted = new BlockGeometry(blocks, geometry.blockSize(), geometry.physicalBlockSize());
        long present = image.sizeBytes();
        if (wanted.sizeBytes() < geometry.sizeBytes()) {
            throw new BackstoreException(
                    Fault.WRITE_FAILED,
                    "image " + image.spec() + " has " + present + " bytes, and is not made smaller");
        }
        if (wanted.sizeBytes() > present) {
            image.resize(wanted.sizeBytes());
        }
        geometry = wanted;
    }

    @Override
    public void resized() {
        context.call(() -> {
                    lookAtSize();
                    return null;
                })
                .whenComplete((done, failure) -> {
                    if (failure != null && !closed) {
                        LOG.warn("backstore={} has another size that cannot be seen", context.name(), failure);
                    }
                });
    }

    private void lookAtSize() throws BackstoreException {
        BlockGeometry before;
        BlockGeometry now;
        synchronized (this) {
            before = geometry;
            now = sized(before, image.sizeBytes());
            geometry = now;
        }
        if (now.blocks() < before.blocks()) {
            becomeFailed("image " + image.spec() + " has been made smaller, to " + now.sizeBytes()
                    + " bytes: make it as large as before, then backstore:reopen " + context.name());
        } else if (now.blocks() > before.blocks()) {
            context.raise(BackstoreEvent.CAPACITY_CHANGED);
        }
    }

    @Override
    public CompletionStage<Long> allocatedBytes() {
        return context.call(() -> {
            if (standsBy()) {
                throw new BackstoreException(Fault.NOT_READY, standingBy());
            }
            return image.allocatedBytes();
        });
    }

    @Override
    public CompletionStage<Void> close() {
        boolean nothing = health.state() == BackstoreHealth.State.FAILED || standsBy();
        CompletionStage<Void> flushed = nothing ? Backstore.done() : flush();
        if (closed) {
            return flushed;
        }
        closed = true;
        return closing.begin(flushed);
    }
}
