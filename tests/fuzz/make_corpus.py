# Writes the first inputs of the fuzzers into corpus/: real and damaged files, all small.  python3 make_corpus.py
# What has a name of 16 hexadecimal digits or more there was found by a fuzzer and is kept (tools/long_tests.sh fuzz).
import ctypes
import glob
import gzip
import json
import os
import shutil
import struct

root = os.path.join(os.path.dirname(os.path.abspath(__file__)), 'corpus')
def w(t,n,b):
    os.makedirs(f'{root}/{t}',exist_ok=True); open(f'{root}/{t}/{n}','wb').write(b)
def img(n,h,wd,data=None): return struct.pack('>IIII',0x803,n,h,wd)+(bytes(range(256))*99)[:n*h*wd] if data is None else struct.pack('>IIII',0x803,n,h,wd)+data
def lab(n,data=None): return struct.pack('>II',0x801,n)+(bytes(i%10 for i in range(n)) if data is None else data)
raw={'two_images':img(2,2,3),'labels':lab(10),'no_images':img(0,28,28),'no_labels':lab(0),'cut_off':img(2,2,3)[:-1],'one_too_many':img(2,2,3)+b'x',
 'overflow':img(0xffffffff,0xffffffff,0xffffffff,b'abc'),'wraps':img(0x80000000,2,0x80000000,b''),'header_only':struct.pack('>I',0x803),'other_type':b'\0\0\x0d\3'+struct.pack('>I',1)+b'\0'*4,
 'little_endian':struct.pack('<II',0x801,3)+b'abc','empty':b'','negative':lab(0xfffffffe,b'ab')}
for n,b in raw.items():
    w('idx_raw',n,b); w('idx_gzip','packed_'+n,b'\0'+b)
g=gzip.compress(img(2,2,3),mtime=0)
for n,b in {'good':g,'cut_off':g[:-3],'checksum':g[:-8]+b'abcd'+g[-4:],'two_members':g+g,'trailing':g+b'xyz','stored':gzip.compress(lab(3),0,mtime=0),'damaged':g[:14]+b'\xff'+g[15:],
   'bomb':gzip.compress(img(60000,28,28,bytes(100000)),mtime=0),'no_idx':gzip.compress(b'hello',mtime=0)}.items(): w('idx_gzip','gzip_'+n,b'\1'+b)
def st(h,data=b'',length=None):
    if not isinstance(h,bytes): h=json.dumps(h).encode()
    return struct.pack('<Q',len(h) if length is None else length)+h+data
T=lambda s,a,b,d='F32':{'dtype':d,'shape':s,'data_offsets':[a,b]}
net={'0.weight':T([3,2],0,24),'0.bias':T([3],24,36),'2.weight':T([2,3],36,60),'2.bias':T([2],60,68)}
data=struct.pack('<17f',*[i/7 for i in range(17)])
ck=dict(net); off=68; d2=data
for k in ('0.weight','0.bias','2.weight','2.bias'):
    n=net[k]['data_offsets'][1]-net[k]['data_offsets'][0]
    ck['optimizer.momentum.'+k]=T(net[k]['shape'],off,off+n); off+=n; d2+=bytes(n)
ck['__metadata__']={'recipe':'default','data':'','training_images':'100','epochs':'2','batch_size':'10','optimizer':'momentum','learning_rate':'0.1','warm_up':'0.1','initialization':'0','seed':'1','random_state':'5','epoch':'0','batch':'3','epoch_loss':'2.5','optimizer_steps':'3'}
nan=bytearray(data); nan[0:4]=struct.pack('<f',float('nan'))
for n,b in {'network':st(net,data),'checkpoint':st(ck,d2),'nan':st(net,bytes(nan)),'double':st({'x':T([2],0,16,'F64')},bytes(16)),'scalar':st({'x':T([],0,4)},bytes(4)),'empty_tensor':st({'x':T([0,9],0,0)}),
 'gap':st({'x':T([1],4,8)},bytes(8)),'overlap':st({'x':T([1],0,4),'y':T([1],0,4)},bytes(4)),'beyond':st({'x':T([9],0,36)},bytes(4)),'huge_shape':st({'x':T([2**40,2**40],0,4)},bytes(4)),
 'negative':st(b'{"x":{"dtype":"F32","shape":[-1],"data_offsets":[0,4]}}',bytes(4)),'twice':st(b'{"x":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"x":{}}',bytes(4)),'no_json':st(b'{"x":'),'long_header':st(b'{}',b'',2**63),'metadata_number':st({'__metadata__':{'a':1}}),
 'half':st({'x':T([2],0,4,'F16')},bytes(4)),'deep':st(b'{"a":'+b'['*300+b']'*300+b'}'),'empty':b'','no_tensor':st({}),'utf8':st(b'{"\xff":1}')}.items(): w('safetensors',n,b)
for f in glob.glob(os.path.join(root, '../../data/images/*.*')):
    if not f.endswith('.py'): shutil.copy(f, (os.makedirs(root+'/image',exist_ok=True) or root+'/image/'+os.path.basename(f)))
for n,t in enumerate(['1','64','128,64','0.002','1e-3','nan','inf','-1','+1','0x10','010','1,,2',',','99999999999999999999','1e999','.5',' 1','1 ','--','%%','1;2','[1,2]','"1"','true','1_000',"1'000",'']): w('options',f'{n:02}',t.encode())


def jpeg(name, flags, width=28, height=28):
    turbo = ctypes.CDLL('libturbojpeg.so.0')
    turbo.tjInitCompress.restype = ctypes.c_void_p
    out, size = ctypes.c_void_p(), ctypes.c_ulong()
    pixels = bytes((x * y) % 256 for y in range(height) for x in range(width * 3))
    result = turbo.tjCompress2(ctypes.c_void_p(turbo.tjInitCompress()), pixels, width, 0, height, 0, ctypes.byref(out),
                               ctypes.byref(size), 2, 80, flags)
    assert result == 0
    w('image', name, ctypes.string_at(out, size.value))


jpeg('color.jpg', 0)
jpeg('progressive.jpg', 16384, 19, 9)
