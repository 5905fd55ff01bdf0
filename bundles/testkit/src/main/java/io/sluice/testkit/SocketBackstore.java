package io.sluice.testkit;

import io.sluice.backstore.Backstore;
import io.sluice.backstore.BackstoreContext;
import io.sluice.backstore.BackstoreEvent;
import io.sluice.backstore.BackstoreException;
import io.sluice.backstore.BackstoreHealth;
import io.sluice.backstore.BlockGeometry;
import io.sluice.backstore.Durability;
import io.sluice.backstore.Fault;
import io.sluice.backstore.SuppliedData;
import io.sluice.backstore.ability.SuppliedRead;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousSocketChannel;
import java.nio.channels.CompletionHandler;
import java.util.ArrayDeque;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/**
 * Blocks of a {@link BlockServer}: a store that is asynchronous from end to end, uses no thread of its own and answers in any
 * order. When its connection goes, what is under way fails with NOT_READY and the store is lost; opening it anew connects again.
 */
public final class SocketBackstore implements Backstore, SuppliedRead {

    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    private final AsynchronousSocketChannel channel;
    private final BlockGeometry geometry;
    private final BackstoreContext context;
    private final AtomicInteger numbers = new AtomicInteger();
    private final AtomicInteger supplied = new AtomicInteger();
    private final Map<Integer, Request> pending = new ConcurrentHashMap<>();
    private final ByteBuffer answer = ByteBuffer.allocate(BlockServer.ANSWER_BYTES);
    private final Queue<ByteBuffer[]> outgoing = new ArrayDeque<>();
    private boolean sending;
    private boolean closing;
    private volatile BackstoreHealth health = BackstoreHealth.HEALTHY;

    /** What waits for its answer, and where the data goes that comes with it. */
    private record Request(ByteBuffer destination, CompletableFuture<Void> result) {}

    private SocketBackstore(AsynchronousSocketChannel channel, BlockGeometry geometry, BackstoreContext context) {
        this.channel = channel;
        this.geometry = geometry;
        this.context = context;
    }

    /** Connects to a server of this machine. */
    static CompletionStage<SocketBackstore> connect(int port, BlockGeometry geometry, BackstoreContext context) {
        CompletableFuture<SocketBackstore> connected = new CompletableFuture<>();
        try {
            AsynchronousSocketChannel channel = AsynchronousSocketChannel.open();
            var server = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
            SocketBackstore store = new SocketBackstore(channel, geometry, context);
            Runnable whenConnected = () -> {
                store.readAnswer();
                connected.complete(store);
            };
            channel.connect(
                    server,
                    null,
                    new Step<>(whenConnected, failed -> connected.completeExceptionally(notReady(failed))));
        } catch (IOException failed) {
            connected.completeExceptionally(notReady(failed));
        }
        return connected;
    }

    private static BackstoreException notReady(Throwable cause) {
        return new BackstoreException(Fault.NOT_READY, "the server of the blocks is not there: " + cause, cause);
    }

    /** The end of a step of a connection; of the bytes that it moved only the end of the stream is of interest. */
    private record Step<T>(Runnable next, Consumer<Throwable> onFailure) implements CompletionHandler<T, Void> {

        @Override
        public void completed(T moved, Void nothing) {
            if (moved instanceof Number bytes && bytes.longValue() < 0) {
                onFailure.accept(new EOFException("the connection has ended"));
            } else {
                next.run();
            }
        }

        @Override
        public void failed(Throwable failure, Void nothing) {
            onFailure.accept(failure);
        }
    }

    private <T> Step<T> step(Runnable next) {
        return new Step<>(next, this::lose);
    }

    @Override
    public BlockGeometry geometry() {
        return geometry;
    }

    @Override
    public BackstoreHealth health() {
        return health;
    }

    /** Returns how much was supplied and has not been given back. */
    public int supplied() {
        return supplied.get();
    }

    @Override
    public CompletionStage<Void> read(long lba, ByteBuffer destination) {
        return ask(BlockServer.READ, geometry.offsetBytes(lba), destination.remaining(), destination);
    }

    @Override
    public CompletionStage<SuppliedData> read(long lba, int lengthBytes) {
        ByteBuffer own = ByteBuffer.allocateDirect(lengthBytes);
        CompletableFuture<SuppliedData> result = new CompletableFuture<>();
        ask(BlockServer.READ, geometry.offsetBytes(lba), lengthBytes, own).whenComplete((done, failure) -> {
            if (failure == null) {
                supplied.incrementAndGet();
                result.complete(
                        new SuppliedData(new ByteBuffer[] {own.flip()}, lengthBytes, supplied::decrementAndGet));
            } else {
                result.completeExceptionally(failure);
            }
        });
        return result;
    }

    @Override
    public CompletionStage<Void> write(long lba, ByteBuffer[] source, Durability durability) {
        int length = 0;
        for (ByteBuffer part : source) {
            length += part.remaining();
        }
        return ask(BlockServer.WRITE, geometry.offsetBytes(lba), length, NOTHING, source);
    }

    @Override
    public CompletionStage<Void> flush() {
        return ask(BlockServer.FLUSH, 0, 0, NOTHING);
    }

    /** Tells the server how large the store is. */
    CompletionStage<Void> size() {
        return ask(BlockServer.SIZE, geometry.sizeBytes(), 0, NOTHING);
    }

    private CompletionStage<Void> ask(byte what, long offset, int length, ByteBuffer destination, ByteBuffer... data) {
        int number = numbers.incrementAndGet();
        Request request = new Request(destination, new CompletableFuture<>());
        ByteBuffer[] frame = new ByteBuffer[data.length + 1];
        frame[0] = ByteBuffer.allocate(BlockServer.REQUEST_BYTES)
                .putInt(number)
                .put(what)
                .putLong(offset)
                .putInt(length)
                .flip();
        System.arraycopy(data, 0, frame, 1, data.length);
        pending.put(number, request);
        synchronized (this) {
            outgoing.add(frame);
        }
        sendNext(false);
        if (!channel.isOpen()) {
            failPending(new EOFException("the connection has ended"));
        }
        return request.result();
    }

    /** @param sent whether the caller is the end of a frame that was sent */
    private void sendNext(boolean sent) {
        ByteBuffer[] frame;
        synchronized (this) {
            if (sending && !sent) {
                return;
            }
            frame = outgoing.poll();
            sending = frame != null;
        }
        if (frame != null) {
            send(frame);
        }
    }

    private void send(ByteBuffer[] frame) {
        channel.write(frame, 0, frame.length, 0, TimeUnit.SECONDS, null, step(() -> {
            if (frame[frame.length - 1].hasRemaining() || frame[0].hasRemaining()) {
                send(frame);
            } else {
                sendNext(true);
            }
        }));
    }

    private void readAnswer() {
        answer.clear();
        fill(answer, this::takeAnswer);
    }

    private void fill(ByteBuffer buffer, Runnable whenFull) {
        if (!buffer.hasRemaining()) {
            whenFull.run();
            return;
        }
        channel.read(buffer, null, step(() -> fill(buffer, whenFull)));
    }

    private void takeAnswer() {
        answer.flip();
        Request request = pending.remove(answer.getInt());
        boolean good = answer.get() != 0;
        int length = answer.getInt();
        if (request == null || !good || length != request.destination().remaining()) {
            lose(new IOException("an answer that nobody has asked for"));
            return;
        }
        fill(request.destination(), () -> {
            readAnswer();
            request.result().complete(null);
        });
    }

    private void lose(Throwable failure) {
        // Whoever comes second has operations fail only when the loss has been told, so that who asks then finds it.
        synchronized (this) {
            if (!closing && health == BackstoreHealth.HEALTHY) {
                health = new BackstoreHealth(BackstoreHealth.State.FAILED, "the connection is gone: " + failure);
                context.raise(BackstoreEvent.LOST);
            }
        }
        shut();
        failPending(failure);
    }

    private void failPending(Throwable failure) {
        for (Integer number : pending.keySet()) {
            Request request = pending.remove(number);
            if (request != null) {
                request.result().completeExceptionally(notReady(failure));
            }
        }
    }

    private void shut() {
        try {
            channel.close();
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    @Override
    public CompletionStage<Void> close() {
        CompletableFuture<Void> closed = new CompletableFuture<>();
        flush().whenComplete((done, failure) -> {
            synchronized (this) {
                closing = true;
            }
            shut();
            Stages.end(closed, null, failure);
        });
        return closed;
    }
}
