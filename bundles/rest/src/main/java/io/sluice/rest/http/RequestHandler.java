package io.sluice.rest.http;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.ScheduledFuture;
import io.sluice.rest.shape.RefusedException;
import java.io.ByteArrayOutputStream;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A connection: takes one request, has it done, answers it, and only then looks at the next one. On the event loop of the
 * connection; what may wait is done by the workers.
 */
final class RequestHandler extends ChannelInboundHandlerAdapter {

    private static final Logger LOG = LoggerFactory.getLogger(RequestHandler.class);

    /** So long what nobody wants is still read: closed before, the peer might lose the answer. */
    private static final long LINGER_MILLIS = 1000;

    /** So long who has been told that it is too much waits for each answer: the processors are for others. */
    private static final long SLOWED_MILLIS = 100;

    private static final int TOO_MANY = 429;

    private enum State {
        IDLE,
        READING,
        WORKING,
        STREAMING,
        ENDING
    }

    private final Gate gate;
    private final RestSettings.Limits limits;
    private final BodyBudget budget;
    private final Executor workers;
    private final Deadline deadline;
    private final Pace pace;

    private State state = State.IDLE;

    /** A message was asked for and has not come. */
    private boolean wanting;

    /** The peer sends nothing any more, and may still want its answer. */
    private boolean inputEnded;

    /** Bytes that nobody wanted. Whoever goes on and on is not listened to. */
    private long discarded;

    /** Nothing is written any more. */
    private boolean lastIsWritten;

    private boolean keepAlive;
    private Work work;
    private RefusedException refusal;
    private ByteArrayOutputStream document;
    private int taken;

    /** When the request has waited for others; null if none has. */
    private ScheduledFuture<?> turn;

    /** @param pace that of all connections of the event loop */
    RequestHandler(
            Gate gate, RestSettings.Limits limits, BodyBudget budget, Executor workers, Deadline deadline, Pace pace) {
        this.gate = gate;
        this.limits = limits;
        this.budget = budget;
        this.workers = workers;
        this.deadline = deadline;
        this.pace = pace;
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
        want(context);
    }

    private void want(ChannelHandlerContext context) {
        wanting = true;
        context.read();
        if (inputEnded && wanting && state != State.ENDING) {
            context.close();
        }
    }

    /** What was asked for is forgotten with the end of a read. */
    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
        if (wanting) {
            context.read();
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        wanting = false;
        if (state == State.STREAMING) {
            // There is no end to the answer before it.
            context.close();
        }
        if (state == State.ENDING && message instanceof HttpContent unwanted) {
            discarded += unwanted.content().readableBytes();
        }
        try {
            if (state == State.IDLE && message instanceof HttpRequest head) {
                begin(context, head);
            }
            if (state == State.READING && message instanceof HttpContent part) {
                take(context, part);
            }
        } finally {
            ReferenceCountUtil.release(message);
        }
        if (state == State.READING
                || state == State.STREAMING
                || state == State.ENDING && discarded <= limits.bodyBytes()) {
            want(context);
        }
    }

    private void begin(ChannelHandlerContext context, HttpRequest head) {
        work = null;
        refusal = null;
        document = new ByteArrayOutputStream();
        keepAlive = false;
        try {
            HeadCheck.check(head);
            keepAlive = HttpUtil.isKeepAlive(head);
            work = gate.admit(head, Peer.of(context.channel()));
            HeadCheck.checkBody(head, work.takesDocument(), mostBytes());
        } catch (RefusedException refused) {
            refusal = refused;
        }
        if (refusal != null && (head.decoderResult().isFailure() || HeadCheck.hasBody(head))) {
            RefusedException why = refusal;
            refuse(context, () -> end(context, why));
            return;
        }
        if (refusal == null && HttpUtil.is100ContinueExpected(head)) {
            context.writeAndFlush(new DefaultFullHttpResponse(
                    HttpVersion.HTTP_1_1, HttpResponseStatus.CONTINUE, Unpooled.EMPTY_BUFFER));
        }
        state = State.READING;
    }

    private void take(ChannelHandlerContext context, HttpContent part) {
        if (part.decoderResult().isFailure()) {
            end(context, HeadCheck.malformedPart(part.decoderResult().cause()));
            return;
        }
        int bytes = part.content().readableBytes();
        if (bytes > mostBytes() - taken) {
            end(context, HeadCheck.tooLarge(mostBytes()));
            return;
        }
        if (!budget.take(bytes)) {
            end(context, busy("other documents are being received"));
            return;
        }
        taken += bytes;
        byte[] copy = new byte[bytes];
        part.content().readBytes(copy);
        document.writeBytes(copy);
        if (part instanceof LastHttpContent) {
            complete(context);
        }
    }

    private int mostBytes() {
        return work == null ? 0 : Math.min(work.mostBytes(), limits.bodyBytes());
    }

    private static RefusedException busy(String why) {
        return new RefusedException(503, "busy: " + why).with("Retry-After", "1");
    }

    private void complete(ChannelHandlerContext context) {
        deadline.requestIsComplete();
        state = State.WORKING;
        if (refusal != null) {
            Answer answer = Answer.of(refusal);
            refuse(context, () -> answer(context, answer));
            return;
        }
        if (work.isForKnown()) {
            context.pipeline().fireUserEventTriggered(ConnectionLimit.KNOWN);
        }
        long waits = work instanceof Told told && told.atOnce() ? 0 : pace.letIn();
        if (waits == 0) {
            work(context);
        } else {
            turn = context.executor().schedule(() -> workLater(context), waits, TimeUnit.NANOSECONDS);
        }
    }

    /** Nobody looks, after a request that has waited, whether whoever follows goes. */
    private void workLater(ChannelHandlerContext context) {
        work(context);
        if (state == State.STREAMING) {
            want(context);
        }
    }

    private void work(ChannelHandlerContext context) {
        if (!context.channel().isActive()) {
            giveBack();
            return;
        }
        Work todo = work;
        if (todo instanceof Told told) {
            answer(context, told.answer());
            return;
        }
        if (todo instanceof Follow follow) {
            stream(context, follow);
            return;
        }
        byte[] bytes = document.toByteArray();
        document = null;
        try {
            workers.execute(() -> {
                Answer answer = todo.run(bytes);
                try {
                    context.executor().execute(() -> answer(context, answer));
                } catch (RejectedExecutionException stopped) {
                    LOG.debug("nobody is answered: the server has stopped");
                }
            });
        } catch (RejectedExecutionException full) {
            answer(context, Answer.of(busy("too many requests wait")));
        }
    }

    private void refuse(ChannelHandlerContext context, Runnable answer) {
        if (refusal.status() != TOO_MANY) {
            answer.run();
            return;
        }
        state = State.WORKING;
        context.executor()
                .schedule(
                        () -> {
                            answer.run();
                            if (state == State.ENDING) {
                                want(context);
                            }
                        },
                        SLOWED_MILLIS,
                        TimeUnit.MILLISECONDS);
    }

    private void stream(ChannelHandlerContext context, Follow follow) {
        EventStream stream = new EventStream(context, follow.counts(), limits.timeout());
        Optional<Runnable> leave = follow.watcher().follow(stream);
        if (leave.isEmpty()) {
            answer(context, Answer.of(busy("too many follow what changes")));
            return;
        }
        giveBack();
        state = State.STREAMING;
        stream.start(leave.get());
    }

    private void answer(ChannelHandlerContext context, Answer answer) {
        giveBack();
        if (!context.channel().isActive()) {
            return;
        }
        if (keepAlive) {
            deadline.answerBegins();
            state = State.IDLE;
            write(context, answer, next -> want(context));
        } else {
            deadline.answerIsTheLast();
            state = State.ENDING;
            write(context, answer, ChannelFutureListener.CLOSE);
        }
    }

    /** Answers a request of which there is more that nobody wants. */
    private void end(ChannelHandlerContext context, RefusedException why) {
        giveBack();
        keepAlive = false;
        state = State.ENDING;
        deadline.answerIsTheLast();
        write(context, Answer.of(why), written -> linger(context));
    }

    private void linger(ChannelHandlerContext context) {
        lastIsWritten = true;
        if (inputEnded) {
            context.close();
            return;
        }
        if (context.channel() instanceof SocketChannel socket
                && context.pipeline().get(SslHandler.class) == null) {
            socket.shutdownOutput();
        }
        context.executor().schedule(() -> context.close(), LINGER_MILLIS, TimeUnit.MILLISECONDS);
    }

    private void write(ChannelHandlerContext context, Answer answer, ChannelFutureListener then) {
        FullHttpResponse response = new DefaultFullHttpResponse(
                HttpVersion.HTTP_1_1,
                HttpResponseStatus.valueOf(answer.status()),
                Unpooled.wrappedBuffer(answer.content()));
        response.headers().set(HttpHeaderNames.CACHE_CONTROL, HttpHeaderValues.NO_STORE);
        answer.headers().forEach(response.headers()::set);
        if (answer.type() != null) {
            response.headers().set(HttpHeaderNames.CONTENT_TYPE, answer.type());
        }
        if (answer.status() != HttpResponseStatus.NO_CONTENT.code()
                && answer.status() != HttpResponseStatus.NOT_MODIFIED.code()) {
            response.headers().setInt(HttpHeaderNames.CONTENT_LENGTH, answer.content().length);
        }
        response.headers().set("X-Content-Type-Options", "nosniff");
        response.headers()
                .set(HttpHeaderNames.CONNECTION, keepAlive ? HttpHeaderValues.KEEP_ALIVE : HttpHeaderValues.CLOSE);
        context.writeAndFlush(response).addListener(then);
    }

    private void giveBack() {
        budget.giveBack(taken);
        taken = 0;
        document = null;
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        if (event == Deadline.REQUEST_TOO_SLOW && (state == State.IDLE || state == State.READING)) {
            end(context, new RefusedException(408, "the request was not complete in time"));
            want(context);
        }
        if (event instanceof ChannelInputShutdownEvent) {
            inputEnded = true;
            if (state == State.ENDING ? lastIsWritten : wanting) {
                context.close();
            }
        }
        context.fireUserEventTriggered(event);
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        if (state == State.READING || turn != null && turn.cancel(false)) {
            giveBack();
        }
        context.fireChannelInactive();
    }

    /** A connection that breaks, or whose peer does not speak TLS, is its own fault; it ends. */
    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable failed) {
        LOG.debug("a connection of {} ends: {}", context.channel().remoteAddress(), failed.toString());
        context.close();
    }
}
