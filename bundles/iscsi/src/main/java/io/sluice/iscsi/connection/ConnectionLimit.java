package io.sluice.iscsi.connection;

import io.sluice.iscsi.login.Origin;
import java.net.InetAddress;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Who may connect. Connections that have not logged in are few for each address and, of all addresses, give way to newer
 * ones: the oldest of the address that has most of them goes, and rather of one that has no session; of several addresses that are
 * alike in this the one that has waited longest. Discovery sessions are few for each address. So nobody who only connects keeps
 * others from logging in. An address is an {@link Origin}. Thread-safe.
 */
public final class ConnectionLimit {

    private static final int PARTS = 16;
    private static final int LEAST = 16;

    private final int limit;
    private final int halfOpenLimit;
    private final int perAddress;
    private final Map<String, Address> addresses = new HashMap<>();
    private int open;
    private int halfOpen;
    private long entered;

    private static final class Address {
        private final Deque<Ticket> halfOpen = new ArrayDeque<>();
        private int sessions;
        private int discovery;

        private boolean unused() {
            return halfOpen.isEmpty() && sessions == 0 && discovery == 0;
        }

        private long first() {
            return halfOpen.peek().number;
        }

        private int weight() {
            return sessions > 0 ? halfOpen.size() - LEAST : halfOpen.size();
        }
    }

    private enum State {
        HALF_OPEN,
        SESSION,
        DISCOVERY,
        GONE
    }

    /** A connection that was let in. */
    public final class Ticket {
        private final String address;
        private final Runnable close;
        private long number;
        private State state = State.HALF_OPEN;

        private Ticket(String address, Runnable close) {
            this.address = address;
            this.close = close;
        }

        /** Returns whether the connection may have a session. */
        boolean logIn(boolean discovery) {
            return ConnectionLimit.this.logIn(this, discovery);
        }

        /** Returns why it may not, for people. */
        String refusal() {
            return isGone(this)
                    ? "the connection has made room for others"
                    : "too many discovery sessions of one address";
        }

        /** The connection is closed. */
        public void leave() {
            ConnectionLimit.this.leave(this);
        }
    }

    /** @param limit most connections at a time */
    public ConnectionLimit(int limit) {
        this.limit = limit;
        this.halfOpenLimit = Math.max(LEAST, limit / 2);
        this.perAddress = Math.max(LEAST, limit / PARTS);
    }

    /**
     * Lets a connection in.
     *
     * @param remote where it comes from
     * @param close closes it if it has to make room before it has logged in
     * @return what to leave with, or null if there is no room
     */
    public Ticket enter(InetAddress remote, Runnable close) {
        return enter(Origin.of(remote), close);
    }

    Ticket enter(String origin, Runnable close) {
        Ticket evicted = null;
        Ticket ticket = new Ticket(origin, close);
        synchronized (this) {
            Address address = addresses.computeIfAbsent(origin, name -> new Address());
            boolean full = open >= limit || halfOpen >= halfOpenLimit;
            Address crowd = full ? crowd() : null;
            if (address.halfOpen.size() >= perAddress || full && (crowd == null || crowd == address)) {
                forgetIfUnused(origin, address);
                return null;
            }
            if (full) {
                evicted = crowd.halfOpen.peek();
                remove(evicted);
            }
            ticket.number = entered++;
            address.halfOpen.add(ticket);
            open++;
            halfOpen++;
        }
        if (evicted != null) {
            evicted.close.run();
        }
        return ticket;
    }

    /** Closes all that have not logged in. */
    public void closeHalfOpen() {
        List<Ticket> all = new ArrayList<>();
        synchronized (this) {
            addresses.values().forEach(address -> all.addAll(address.halfOpen));
        }
        all.forEach(ticket -> ticket.close.run());
    }

    /** The address with the most connections that have not logged in, or null if there is none. */
    private Address crowd() {
        return addresses.values().stream()
                .filter(address -> !address.halfOpen.isEmpty())
                .max(Comparator.comparingInt(Address::weight)
                        .thenComparing(Comparator.comparingLong(Address::first).reversed()))
                .orElse(null);
    }

    private synchronized boolean logIn(Ticket ticket, boolean discovery) {
        Address address = addresses.get(ticket.address);
        if (ticket.state != State.HALF_OPEN || discovery && address.discovery >= LEAST) {
            return false;
        }
        address.halfOpen.remove(ticket);
        halfOpen--;
        ticket.state = discovery ? State.DISCOVERY : State.SESSION;
        if (discovery) {
            address.discovery++;
        } else {
            address.sessions++;
        }
        return true;
    }

    private synchronized boolean isGone(Ticket ticket) {
        return ticket.state == State.GONE;
    }

    private synchronized void leave(Ticket ticket) {
        remove(ticket);
    }

    private void remove(Ticket ticket) {
        Address address = addresses.get(ticket.address);
        switch (ticket.state) {
            case HALF_OPEN -> {
                address.halfOpen.remove(ticket);
                halfOpen--;
            }
            case SESSION -> address.sessions--;
            case DISCOVERY -> address.discovery--;
            case GONE -> {
                return;
            }
        }
        open--;
        ticket.state = State.GONE;
        forgetIfUnused(ticket.address, address);
    }

    private void forgetIfUnused(String origin, Address address) {
        if (address.unused()) {
            addresses.remove(origin);
        }
    }

    /** Returns the connections that are open. */
    public synchronized int open() {
        return open;
    }

    /** Returns those that have not logged in. */
    public synchronized int halfOpen() {
        return halfOpen;
    }
}
