#include "textflag.h"

// func maxima(dst, a, b *uint8, n int)
TEXT ·maxima(SB), NOSPLIT, $0-32
	MOVQ dst+0(FP), DI
	MOVQ a+8(FP), SI
	MOVQ b+16(FP), DX
	MOVQ n+24(FP), CX
	XORQ AX, AX
loop:
	MOVOU (SI)(AX*1), X0
	MOVOU (DX)(AX*1), X1
	PMAXUB X1, X0
	MOVOU X0, (DI)(AX*1)
	ADDQ $16, AX
	CMPQ AX, CX
	JLT loop
	RET

// func minima(dst, a, b *uint8, n int)
TEXT ·minima(SB), NOSPLIT, $0-32
	MOVQ dst+0(FP), DI
	MOVQ a+8(FP), SI
	MOVQ b+16(FP), DX
	MOVQ n+24(FP), CX
	XORQ AX, AX
loop:
	MOVOU (SI)(AX*1), X0
	MOVOU (DX)(AX*1), X1
	PMINUB X1, X0
	MOVOU X0, (DI)(AX*1)
	ADDQ $16, AX
	CMPQ AX, CX
	JLT loop
	RET
