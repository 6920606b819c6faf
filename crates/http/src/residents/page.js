(function(){var f=document.getElementById('ask');if(!f||!f.ticket||!f.proof)return;
var K=[],H=[],n=2,i=0,j,p;function frac(x){return(x-Math.floor(x))*4294967296|0}
for(;i<64;n++){for(p=1,j=2;j*j<=n;j++)if(n%j===0){p=0;break}if(p){if(i<8)H[i]=frac(Math.pow(n,1/2));K[i++]=frac(Math.pow(n,1/3))}}
function zeros(s){var w=[],l=s.length,h=H.slice(0),k,t,a,b,m;for(k=0;k<l;k++)w[k>>2]|=s.charCodeAt(k)<<24-k%4*8;w[l>>2]|=128<<24-l%4*8;m=(l+8>>6)*16+15;w[m]=l*8;
for(k=0;k<=m;k+=16){var W=[],v=h.slice(0);for(t=0;t<64;t++){if(t<16)W[t]=w[k+t]|0;else{a=W[t-15];b=W[t-2];W[t]=((a>>>7|a<<25)^(a>>>18|a<<14)^a>>>3)+W[t-7]+((b>>>17|b<<15)^(b>>>19|b<<13)^b>>>10)+W[t-16]|0}
a=v[4];b=v[0];var x=v[7]+((a>>>6|a<<26)^(a>>>11|a<<21)^(a>>>25|a<<7))+(a&v[5]^~a&v[6])+K[t]+W[t]|0,y=((b>>>2|b<<30)^(b>>>13|b<<19)^(b>>>22|b<<10))+(b&v[1]^b&v[2]^v[1]&v[2])|0;v=[x+y|0,v[0],v[1],v[2],v[3]+x|0,v[4],v[5],v[6]]}
for(t=0;t<8;t++)h[t]=h[t]+v[t]|0}return h[0]}
var c=0,s=f.ticket.value+':';(function work(){for(var e=c+400;c<e;c++)if(zeros(s+c)>>>18===0){f.proof.value=String(c);return}setTimeout(work,4)})()})();
