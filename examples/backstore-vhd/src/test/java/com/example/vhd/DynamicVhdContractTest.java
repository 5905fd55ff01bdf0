package com.example.vhd;

public class DynamicVhdContractTest extends VhdContract {

    @Override
    String format() {
        return "dynamic";
    }
}
